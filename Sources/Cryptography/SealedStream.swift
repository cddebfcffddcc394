import CSodium

/// Encrypted bytes that cannot be changed, cut or put in another order unnoticed: libsodium's
/// secretstream (XChaCha20-Poly1305) in pieces of 64 KiB, the last one marked as the last.
///
/// Layout: 24 bytes of stream header, then per piece its bytes and 17 of tag.
public enum SealedStream {
  static let pieceByteCount = 1 << 16
  private static let headerByteCount = 24
  private static let tagByteCount = 17

  /// Encrypts `plain`; `about` is not encrypted, but must be the same again when opening.
  /// - Precondition: the key has 32 bytes.
  public static func seal(_ plain: [UInt8], key: SecretBytes, about: [UInt8]) -> [UInt8] {
    precondition(key.count == 32)
    var state = crypto_secretstream_xchacha20poly1305_state()
    var sealed = [UInt8](repeating: 0, count: headerByteCount)
    // libsodium writes the 24 bytes of the header.
    key.lend {
      _ = unsafe crypto_secretstream_xchacha20poly1305_init_push(&state, &sealed, $0)
    }
    var start = 0
    repeat {
      let end = min(start + pieceByteCount, plain.count)
      let piece = Array(plain[start..<end])
      var out = [UInt8](repeating: 0, count: piece.count + tagByteCount)
      let tag =
        end == plain.count ? crypto_secretstream_xchacha20poly1305_tag_final() : 0
      // `out` has room for the piece and its tag.
      _ = unsafe crypto_secretstream_xchacha20poly1305_push(
        &state, &out, nil, piece, UInt64(piece.count), about, UInt64(about.count), tag)
      sealed += out
      start = end
    } while start < plain.count
    return sealed
  }

  /// The plain bytes; nil where the key is another, or anything was changed, cut off or added.
  public static func open(_ sealed: [UInt8], key: SecretBytes, about: [UInt8]) -> [UInt8]? {
    guard key.count == 32, sealed.count >= headerByteCount + tagByteCount else { return nil }
    var state = crypto_secretstream_xchacha20poly1305_state()
    let header = Array(sealed[0..<headerByteCount])
    // libsodium reads the header's 24 bytes.
    let isStarted = key.lend {
      unsafe crypto_secretstream_xchacha20poly1305_init_pull(&state, header, $0) == 0
    }
    guard isStarted else { return nil }
    var plain: [UInt8] = []
    plain.reserveCapacity(sealed.count)
    var start = headerByteCount
    while start < sealed.count {
      let end = min(start + pieceByteCount + tagByteCount, sealed.count)
      guard end - start >= tagByteCount else { return nil }
      let piece = Array(sealed[start..<end])
      var out = [UInt8](repeating: 0, count: piece.count - tagByteCount)
      var tag: UInt8 = 0
      // `out` has room for the piece without its tag.
      let answer = unsafe crypto_secretstream_xchacha20poly1305_pull(
        &state, &out, nil, &tag, piece, UInt64(piece.count), about, UInt64(about.count))
      guard answer == 0 else { return nil }
      plain += out
      start = end
      let isLast = tag == crypto_secretstream_xchacha20poly1305_tag_final()
      guard isLast == (start == sealed.count) else { return nil }
    }
    return plain
  }
}
