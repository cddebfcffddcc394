public import Cryptography
import Files

/// Where the key that signs certificates is kept: in the user's own configuration folder, never in
/// a workspace, which may be shared.
public enum CertificateKeys {
  private static let magic = "d2r-curate signing key 1"
  private static let publicMagic = "d2r-curate public key 1"

  /// `$XDG_CONFIG_HOME/d2r-curate/signing.key`, else below `~/.config`.
  public static func standardPath(environment: [String: String]) -> String {
    let named = environment["XDG_CONFIG_HOME"] ?? ""
    let home = environment["HOME"] ?? "."
    let folder = named.isEmpty ? Paths.join(home, ".config") : named
    return Paths.join(folder, "d2r-curate/signing.key")
  }

  /// Where the open half lies: beside the key, for handing on.
  public static func publicPath(of path: String) -> String { path + ".pub" }

  /// True where there is a file at `path`.
  public static func exists(_ path: String) -> Bool { FileSystem.exists(path) }

  /// Makes a new key, in a file of mode 0600, and its open half beside it. Refuses to replace one.
  public static func create(at path: String) throws -> SigningKey {
    let key = SigningKey.random()
    try FileSystem.makeFolder(Paths.parent(path))
    let text = "\(magic)\n\(Hex.string(key.seedBytes))\n"
    try PrivateFile.create(Array(text.utf8), at: path)
    try AtomicFile.write(
      text: "\(publicMagic)\n\(Hex.string(key.publicKey.bytes))\n", to: publicPath(of: path))
    return key
  }

  /// The key in the file at `path`. Throws where others may read it.
  public static func read(_ path: String) throws -> SigningKey {
    let lines = Self.lines(try PrivateFile.read(path))
    guard lines.count >= 2, lines[0] == magic, let seed = Hex.bytes(lines[1]),
      let key = SigningKey(seed: SecretBytes(seed))
    else {
      throw CurationError(
        .setting, "\(path) is no key that signs", hint: "make one with: d2r-curate keys create")
    }
    return key
  }

  /// What a user pins a signer by: a file with a public key, its 64 hexadecimal digits, or a
  /// fingerprint.
  public static func isPinned(_ key: PublicKey, by pin: String) throws -> Bool {
    if pin == key.fingerprint { return true }
    if pin.hasPrefix("SHA256:") { return false }
    if let bytes = Hex.bytes(pin), bytes.count == PublicKey.byteCount { return bytes == key.bytes }
    let lines = Self.lines(try FileReader.read(pin, limit: 1 << 12))
    guard lines.count >= 2, lines[0] == publicMagic, let bytes = Hex.bytes(lines[1]) else {
      throw CurationError(
        .setting, "\(pin) is no public key",
        hint: "give the signer's .pub file, or the fingerprint that keys show prints")
    }
    return bytes == key.bytes
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
  }
}
