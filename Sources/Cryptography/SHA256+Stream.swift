import CSodium

extension SHA256 {
  /// A digest fed piece by piece. How the input is cut does not matter: `update("a")`,
  /// `update("b")` is `update("ab")`; separate fields yourself where that could confuse.
  ///
  /// A value: a copy goes its own way from where it was copied.
  public struct Stream: Sendable {
    private var state: crypto_hash_sha256_state

    public init() {
      Sodium.start()
      state = crypto_hash_sha256_state()
      // The pointer lives for the call only, and the state is plain memory that owns nothing.
      _ = unsafe crypto_hash_sha256_init(&state)
    }

    /// Takes in more bytes.
    public mutating func update(_ bytes: [UInt8]) {
      // A byte has no padding that its span could show.
      unsafe update(bytes.span.bytes)
    }

    /// Feeds the UTF-8 of `text`.
    public mutating func update(_ text: String) {
      update(Array(text.utf8))
    }

    /// Feeds lent memory without copying it.
    public mutating func update(_ bytes: RawSpan) {
      // The buffer is valid for the closure, and libsodium reads exactly `count` bytes of it.
      unsafe bytes.withUnsafeBytes { buffer in
        let start = unsafe buffer.bindMemory(to: UInt8.self).baseAddress
        guard let start = unsafe start else { return }
        _ = unsafe crypto_hash_sha256_update(&state, start, UInt64(buffer.count))
      }
    }

    /// The 32-byte digest of everything fed so far. The stream can be fed further afterwards.
    public func finalize() -> [UInt8] {
      var finished = state
      var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
      // `digest` has the 32 bytes that libsodium writes.
      _ = unsafe crypto_hash_sha256_final(&finished, &digest)
      return digest
    }

    /// `finalize()` as 64 lower-case hexadecimal digits.
    public func finalizeHex() -> String {
      Hex.string(finalize())
    }
  }
}
