import Cryptography
import Files

/// Content that is on the disk in encrypted form only.
public enum SealedFile {
  /// The bytes of a sealed file that holds `plain`, under a key of its own, locked by `key`.
  static func seal(_ plain: [UInt8], as content: SealedHeader.Content, by key: SealingKey)
    -> [UInt8]
  {
    let own = SecretBytes(randomCount: 32)
    var header = SealedHeader(
      content: content, origin: key.origin, keyID: key.id, wrappedKey: [])
    header.wrappedKey = KeyWrap.wrap(own, with: key.secret, about: header.lockedBytes)
    return header.bytes + SealedStream.seal(plain, key: own, about: header.bytes)
  }

  /// What the sealed bytes hold.
  static func open(
    _ bytes: [UInt8], of file: String, as content: SealedHeader.Content, with keys: KeyRing
  ) throws(VectorStorageError) -> (plain: [UInt8], key: SealingKey) {
    let header = try SealedHeader(bytes, file: file)
    guard header.content == content else {
      throw .damagedSeal(file, "it holds something else than it should")
    }
    let key = try keys.key(for: header, of: file)
    let own = KeyWrap.unwrap(header.wrappedKey, with: key.secret, about: header.lockedBytes)
    guard let own else { throw .damagedSeal(file, "its wrapped key was changed") }
    let stream = Array(bytes[SealedHeader.byteCount...])
    guard let plain = SealedStream.open(stream, key: own, about: header.bytes) else {
      throw .damagedSeal(file, "its content was changed, cut off or extended")
    }
    return (plain, key)
  }

  /// Writes a gallery's content sealed by `key`, whole or not at all.
  public static func writeGallery(
    _ plain: [UInt8], to path: String, by key: SealingKey
  ) throws(VectorStorageError) {
    try withFiles { () throws(FilesError) in
      try AtomicFile.write(seal(plain, as: .gallery, by: key), to: path)
    }
  }

  /// The content of a gallery's sealed file, with the key that opened it.
  public static func readGallery(
    _ path: String, with keys: KeyRing
  ) throws(VectorStorageError) -> (plain: [UInt8], key: SealingKey) {
    let bytes = try withFiles { () throws(FilesError) in try FileReader.read(path) }
    return try open(bytes, of: path, as: .gallery, with: keys)
  }

  /// The id of the key that opens the sealed file at `path`.
  public static func keyID(of path: String) throws(VectorStorageError) -> String {
    let bytes = try withFiles { () throws(FilesError) in try FileReader.read(path) }
    return try SealedHeader(bytes, file: path).keyID
  }
}
