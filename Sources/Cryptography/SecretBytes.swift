import CSodium

/// The bytes of a secret in memory of their own: kept out of swap and of core dumps where the
/// system's limits allow it, between guard pages, and wiped when the last owner lets go.
@safe public final class SecretBytes: Sendable {
  public let count: Int
  /// Written by `init` only, and valid until `deinit`: sharing it between threads is safe.
  private nonisolated(unsafe) let start: UnsafeMutablePointer<UInt8>

  /// A copy of `bytes`; the caller's own copy stays where it is.
  public convenience init(_ bytes: [UInt8]) {
    // The memory has the array's length.
    self.init(count: bytes.count) { start in
      for (place, byte) in bytes.enumerated() { unsafe start[place] = byte }
    }
  }

  /// New random bytes of the system's generator.
  public convenience init(randomCount count: Int) {
    // libsodium fills exactly `count` bytes.
    self.init(count: count) { unsafe randombytes_buf($0, count) }
  }

  /// - Precondition: the system has memory left.
  @safe init(count: Int, fill: (UnsafeMutablePointer<UInt8>) -> Void) {
    Sodium.start()
    guard let memory = unsafe sodium_malloc(max(count, 1)) else {
      preconditionFailure("no memory for a secret of \(count) bytes")
    }
    unsafe start = memory.bindMemory(to: UInt8.self, capacity: max(count, 1))
    self.count = count
    unsafe fill(start)
  }

  deinit { unsafe sodium_free(start) }

  /// A copy in ordinary memory: for files that hold the secret.
  public var copy: [UInt8] { lend { unsafe Array(UnsafeBufferPointer(start: $0, count: count)) } }

  /// Lends the memory for the time of one call.
  @safe func lend<Answer>(_ body: (UnsafePointer<UInt8>) -> Answer) -> Answer {
    // `self` keeps the memory alive until the closure has returned.
    withExtendedLifetime(self) { unsafe body(UnsafePointer(start)) }
  }
}

/// Random bytes for keys, salts and nonces; results never depend on them.
public enum RandomBytes {
  /// `count` bytes of the system's generator; never the same twice.
  public static func next(_ count: Int) -> [UInt8] {
    Sodium.start()
    var bytes = [UInt8](repeating: 0, count: count)
    // libsodium fills exactly the array's bytes.
    unsafe randombytes_buf(&bytes, count)
    return bytes
  }
}
