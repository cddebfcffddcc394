import Cryptography
import Files

/// What opens sealed files: a key file's random key, or a passphrase.
///
/// A key file is text: `d2r-curate gallery key 1`, then 64 hexadecimal digits. It must be its
/// owner's alone (mode 0600).
public struct SealingKey: Sendable {
  private static let magic = "d2r-curate gallery key 1"
  private static let longestFile = 1 << 12

  /// Where the key comes from.
  enum Origin: Equatable, Sendable {
    case file
    case passphrase(salt: [UInt8], PassphraseKey.Cost)
  }

  let secret: SecretBytes
  let origin: Origin

  /// Eight bytes in hex that tell keys apart and tell nothing else about them.
  public var id: String {
    Hex.string(Array(KeyedHash.digest(of: "d2r-curate key id", key: secret).prefix(8)))
  }

  /// The opaque name of something: the same under the same key, and without the key nobody can find
  /// out what it names, not even by trying. 32 hexadecimal digits.
  public func opaqueName(of name: String) -> String {
    Hex.string(KeyedHash.digest(of: "d2r-curate name\n" + name, key: secret, count: 16))
  }

  /// A new random key, in a new file of mode 0600.
  public static func create(at path: String) throws(VectorStorageError) -> SealingKey {
    let key = SealingKey(secret: SecretBytes(randomCount: 32), origin: .file)
    let text = "\(magic)\n\(Hex.string(key.secret.copy))\n"
    try withFiles { () throws(FilesError) in try PrivateFile.create(Array(text.utf8), at: path) }
    return key
  }

  /// The key in the file at `path`.
  public static func read(_ path: String) throws(VectorStorageError) -> SealingKey {
    guard let key = try parse(lines(of: path)) else {
      throw VectorStorageError(
        code: .locked, message: "\(path) is not a gallery key",
        hint: "a key file is made by: d2r-curate gallery seal --key FILE")
    }
    return key
  }

  /// A new key for the passphrase in the first line of the file at `path`, under a new salt.
  public static func passphrase(in path: String) throws(VectorStorageError) -> SealingKey {
    let passphrase = try lines(of: path).first ?? ""
    guard passphrase.utf8.count >= 12 else {
      throw VectorStorageError(
        code: .locked,
        message: "the passphrase in \(path) has \(passphrase.utf8.count) bytes, fewer than 12",
        hint: "use five or more random words in the first line")
    }
    return try derive(
      passphrase, salt: RandomBytes.next(PassphraseKey.saltByteCount), cost: .moderate)
  }

  static func derive(
    _ passphrase: String, salt: [UInt8], cost: PassphraseKey.Cost
  ) throws(VectorStorageError) -> SealingKey {
    let key = PassphraseKey.key(passphrase: Array(passphrase.utf8), salt: salt, cost: cost)
    guard let key else {
      throw VectorStorageError(
        code: .locked,
        message:
          "a key of a passphrase needs \(cost.memory >> 20) MiB of memory, which is not there",
        hint: "close other programs, or use a key file")
    }
    return SealingKey(secret: key, origin: .passphrase(salt: salt, cost))
  }

  static func parse(_ lines: [String]) -> SealingKey? {
    guard lines.count >= 2, lines[0] == magic, let bytes = Hex.bytes(lines[1]), bytes.count == 32
    else { return nil }
    return SealingKey(secret: SecretBytes(bytes), origin: .file)
  }

  static func lines(of path: String) throws(VectorStorageError) -> [String] {
    let bytes = try withFiles { () throws(FilesError) in
      try PrivateFile.read(path, limit: longestFile)
    }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(
      String.init)
  }
}

/// The keys at hand: files that each hold a key or a passphrase.
public struct KeyRing: Sendable {
  private let files: [String]
  private let refusal: String?

  public init(files: [String]) {
    self.files = files
    refusal = nil
  }

  /// A ring that opens nothing, for a reason that ends "the gallery is sealed, and".
  public init(refusing reason: String) {
    files = []
    refusal = reason
  }

  /// The key that locked a file with this header.
  func key(for header: SealedHeader, of file: String) throws(VectorStorageError) -> SealingKey {
    if let refusal { throw .refused(file, refusal) }
    guard !files.isEmpty else { throw .locked(file, keyID: header.keyID) }
    for path in files {
      let lines = try SealingKey.lines(of: path)
      let key: SealingKey?
      switch header.origin {
      case .file: key = SealingKey.parse(lines)
      case .passphrase(let salt, let cost):
        key =
          SealingKey.parse(lines) == nil
          ? try SealingKey.derive(lines.first ?? "", salt: salt, cost: cost) : nil
      }
      if let key, key.id == header.keyID { return key }
    }
    throw .wrongKey(file, keyID: header.keyID)
  }
}
