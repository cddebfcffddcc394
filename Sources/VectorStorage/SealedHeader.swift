import Cryptography

/// The first 120 bytes of a sealed file, version 1. All numbers are little endian.
///
///     offset  bytes
///          0      4  "D2RS"
///          4      1  version, 1
///          5      1  content: 1 a shard, 2 a gallery
///          6      1  lock: 0 a key file, 1 a passphrase
///          7      1  zero
///          8     16  Argon2id salt
///         24      8  Argon2id operations
///         32      8  Argon2id bytes of memory
///         40      8  id of the key
///         48     72  the file's own key, wrapped: nonce, key, tag
///        120         the content, as `SealedStream` writes it
///
/// The wrapping is about bytes 0 ..< 48, the stream about bytes 0 ..< 120: a changed byte anywhere
/// is noticed when the file is opened.
struct SealedHeader: Equatable {
  static let byteCount = 120
  static let lockedCount = 48
  static let version: UInt8 = 1
  private static let magic = Array("D2RS".utf8)

  enum Content: UInt8 {
    case shard = 1
    case gallery = 2
  }

  var content: Content
  var origin: SealingKey.Origin
  /// Hex.
  var keyID: String
  var wrappedKey: [UInt8]

  /// What the wrapping of the file's key is about.
  var lockedBytes: [UInt8] {
    var bytes = Self.magic + [Self.version, content.rawValue]
    switch origin {
    case .file:
      bytes += [0, 0] + [UInt8](repeating: 0, count: 32)
    case .passphrase(let salt, let cost):
      bytes += [1, 0] + salt
      for number in [cost.operations, cost.memory] {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
      }
    }
    return bytes + (Hex.bytes(keyID) ?? [])
  }

  var bytes: [UInt8] { lockedBytes + wrappedKey }
}

extension SealedHeader {
  /// Reads the header of the file named `file` from its first bytes.
  init(_ bytes: [UInt8], file: String) throws(VectorStorageError) {
    guard bytes.count >= 8, Array(bytes[0..<4]) == Self.magic else {
      throw .damagedSeal(file, "it does not begin like a sealed file")
    }
    guard bytes[4] <= Self.version else { throw .newerVersion(file, UInt32(bytes[4])) }
    guard bytes.count >= Self.byteCount else {
      throw .damagedSeal(file, "it ends after \(bytes.count) bytes, inside its header")
    }
    func number(_ start: Int) -> UInt64 {
      bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard let content = Content(rawValue: bytes[5]), bytes[6] < 2, bytes[7] == 0 else {
      throw .damagedSeal(file, "its header makes no sense")
    }
    let cost = PassphraseKey.Cost(operations: number(24), memory: number(32))
    let highest = PassphraseKey.Cost.highest
    guard bytes[6] == 0 || cost.operations <= highest.operations && cost.memory <= highest.memory
    else { throw .damagedSeal(file, "it asks for more work than this program does for a key") }
    self.init(
      content: content,
      origin: bytes[6] == 0 ? .file : .passphrase(salt: Array(bytes[8..<24]), cost),
      keyID: Hex.string(Array(bytes[40..<48])), wrappedKey: Array(bytes[48..<120]))
    guard self.bytes == Array(bytes[0..<Self.byteCount]) else {
      throw .damagedSeal(file, "its header makes no sense")
    }
  }
}
