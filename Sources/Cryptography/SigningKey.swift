import CSodium

/// A key that signs: Ed25519 (RFC 8032) by libsodium. Signing the same bytes twice gives the same
/// signature.
public struct SigningKey: Sendable {
  /// Bytes of the seed, from which the whole key follows.
  public static let seedByteCount = 32

  public let publicKey: PublicKey
  private let seed: SecretBytes
  private let secret: SecretBytes

  /// The key of this seed; nil unless it has `seedByteCount` bytes.
  public init?(seed: SecretBytes) {
    guard seed.count == Self.seedByteCount else { return nil }
    var open = [UInt8](repeating: 0, count: PublicKey.byteCount)
    // libsodium writes 32 and 64 bytes and reads 32.
    let secret = SecretBytes(count: 64) { place in
      seed.lend { _ = unsafe crypto_sign_seed_keypair(&open, place, $0) }
    }
    guard let publicKey = PublicKey(open) else { return nil }
    self.publicKey = publicKey
    self.seed = seed
    self.secret = secret
  }

  /// A new key.
  public static func random() -> SigningKey {
    guard let key = SigningKey(seed: SecretBytes(randomCount: seedByteCount)) else {
      preconditionFailure("a seed of \(seedByteCount) bytes makes a key")
    }
    return key
  }

  /// The seed, for the file that keeps the key.
  public var seedBytes: [UInt8] { seed.copy }

  /// The 64-byte signature of `message`; defined for no bytes too.
  public func sign(_ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: PublicKey.signatureByteCount)
    // libsodium writes 64 bytes, reads the message's count and the secret's 64.
    secret.lend {
      _ = unsafe crypto_sign_detached(&signature, nil, message, UInt64(message.count), $0)
    }
    return signature
  }
}

/// The open half of a signing key: checks signatures and tells nothing that could make one.
public struct PublicKey: Hashable, Sendable {
  public static let byteCount = 32
  public static let signatureByteCount = 64

  public let bytes: [UInt8]

  /// Nil unless there are `byteCount` bytes. That they are a point of the curve shows when a
  /// signature is checked.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// What people compare: "SHA256:" and the SHA-256 of the key in hex.
  public var fingerprint: String { "SHA256:" + SHA256.hex(of: bytes) }

  /// True where the holder of this key has signed exactly `message`.
  public func accepts(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == Self.signatureByteCount else { return false }
    Sodium.start()
    // Lengths were checked; libsodium reads no more than that.
    return unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes)
      == 0
  }
}
