import CSodium

/// BLAKE2b with a key (RFC 7693) by libsodium: without the key nobody can tell which input a hash
/// belongs to, not even by trying inputs.
public enum KeyedHash {
  /// `count` bytes for `text` under `key`, which has 16 to 64 bytes.
  /// - Precondition: `count` is 16 to 64.
  public static func digest(of text: String, key: SecretBytes, count: Int = 32) -> [UInt8] {
    precondition((16...64).contains(count) && (16...64).contains(key.count))
    var digest = [UInt8](repeating: 0, count: count)
    let input = Array(text.utf8)
    // libsodium writes `count` bytes and reads the lengths it is told.
    let answer = key.lend {
      unsafe crypto_generichash(&digest, count, input, UInt64(input.count), $0, key.count)
    }
    precondition(answer == 0)
    return digest
  }
}

/// A key made of a passphrase: Argon2id version 1.3 (RFC 9106) by libsodium.
public enum PassphraseKey {
  public static let saltByteCount = 16

  /// How much work one guess costs.
  public struct Cost: Equatable, Sendable {
    public var operations: UInt64
    /// Bytes of memory.
    public var memory: UInt64

    public init(operations: UInt64, memory: UInt64) {
      self.operations = operations
      self.memory = memory
    }

    /// libsodium's "moderate": three passes over 256 MiB.
    public static let moderate = Cost(operations: 3, memory: 256 << 20)
    /// The most that is accepted from a file: it must not be able to exhaust the machine.
    public static let highest = Cost(operations: 16, memory: 1 << 30)
  }

  /// A key of 32 bytes; nil where the memory is not there, the salt has another length, or the cost
  /// is none that Argon2id takes.
  public static func key(passphrase: [UInt8], salt: [UInt8], cost: Cost) -> SecretBytes? {
    guard salt.count == saltByteCount, cost.operations <= Cost.highest.operations,
      cost.memory <= Cost.highest.memory
    else { return nil }
    let text = passphrase.map { CChar(bitPattern: $0) }
    var answer: Int32 = -1
    // libsodium writes 32 bytes, and reads the text's count and the salt's 16.
    let key = SecretBytes(count: 32) { place in
      answer = unsafe crypto_pwhash(
        place, 32, text, UInt64(text.count), salt, cost.operations, Int(cost.memory),
        crypto_pwhash_alg_argon2id13())
    }
    return answer == 0 ? key : nil
  }
}
