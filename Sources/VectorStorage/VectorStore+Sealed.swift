import Cryptography
public import Domain
import Files

extension VectorStore {
  /// The extension of sealed shards.
  static let sealedExtension = "sealed"

  /// True for a shard that is on the disk in encrypted form only.
  public static func isSealed(_ file: String) -> Bool {
    Paths.fileExtension(file) == sealedExtension
  }

  /// As `publish`, but what reaches the disk is encrypted; the plain bytes are an ordinary shard's.
  /// Publishing the same rows twice makes two files: every file has a key and nonces of its own.
  public func publishSealed(
    _ vectors: Vectors, space: Space, key: SealingKey
  ) throws(VectorStorageError) -> PublishedShard {
    let bytes = SealedFile.seal(try shardBytes(vectors, space: space), as: .shard, by: key)
    let digest = SHA256.digest(of: bytes)
    let folder = Self.folder(of: space)
    let file = "\(folder)/\(Hex.string(digest).prefix(16)).\(Self.sealedExtension)"
    try withFiles { () throws(FilesError) in
      try FileSystem.makeFolder(Paths.join(root, folder))
      try AtomicFile.write(bytes, to: path(of: file))
    }
    return PublishedShard(file: file, rowCount: vectors.count, digest: digest)
  }

  /// The rows of a sealed shard, decrypted in memory.
  /// - Throws: with code `locked` where no key of the ring opens it.
  func openSealed(
    _ file: String, expecting space: Space
  ) throws(VectorStorageError) -> Vectors {
    let bytes = try withFiles { () throws(FilesError) in try FileReader.read(path(of: file)) }
    let (plain, _) = try SealedFile.open(bytes, of: file, as: .shard, with: keys)
    return try Self.vectors(plain, of: file, expecting: space)
  }

  /// The key that opens a sealed shard.
  /// - Throws: with code `locked` where none of the ring does.
  public func key(of file: String) throws(VectorStorageError) -> SealingKey {
    let bytes = try withFiles { () throws(FilesError) in try FileReader.read(path(of: file)) }
    return try keys.key(for: SealedHeader(bytes, file: file), of: file)
  }

  /// What is wrong with a sealed shard: its digest without a key, all of it with one.
  func checkSealed(_ file: String, expectedDigest: [UInt8]?) -> ShardProblem? {
    do throws(VectorStorageError) {
      let bytes = try withFiles { () throws(FilesError) in try FileReader.read(path(of: file)) }
      _ = try SealedHeader(bytes, file: file)
      let digest = SHA256.digest(of: bytes)
      if let expectedDigest, digest != expectedDigest { return exchanged(file, digest) }
      do throws(VectorStorageError) {
        _ = try SealedFile.open(bytes, of: file, as: .shard, with: keys)
      } catch  where error.code == .locked {
        return nil
      }
      return nil
    } catch {
      return ShardProblem(file: file, kind: kind(of: error), message: error.message)
    }
  }

  private func exchanged(_ file: String, _ digest: [UInt8]) -> ShardProblem {
    ShardProblem(
      file: file, kind: .exchanged,
      message: "the sealed shard \(file) has SHA-256 \(Hex.string(digest).prefix(16))…, "
        + "not the one on record")
  }

  /// Writes zeros over a shard's file and removes it; one that is gone already is fine.
  public func destroy(_ file: String) throws(VectorStorageError) {
    guard FileSystem.exists(path(of: file)) else { return }
    try withFiles { () throws(FilesError) in try PrivateFile.destroy(path(of: file)) }
  }

  /// The bytes of an ordinary shard.
  public func shardBytes(
    _ vectors: Vectors, space: Space
  ) throws(VectorStorageError) -> [UInt8] {
    var bytes = try header(for: vectors, in: space).bytes
    bytes.reserveCapacity(bytes.count + 4 * vectors.values.count)
    // The buffer is copied inside the closure; a float has no padding.
    unsafe vectors.values.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    return bytes
  }

  /// The rows of an ordinary shard's bytes, every checksum checked; nil `space` takes any.
  static func vectors(
    _ bytes: [UInt8], of file: String, expecting space: Space?
  ) throws(VectorStorageError) -> Vectors {
    let header = try ShardHeader(bytes, file: file)
    guard header.fileSize == bytes.count else {
      throw .damagedSeal(file, "its rows are not complete")
    }
    let payload = Array(bytes[ShardHeader.byteCount...])
    // A byte has no padding that its span could show.
    guard unsafe CRC32C.checksum(of: payload.span.bytes) == header.payloadChecksum else {
      throw .damagedSeal(file, "the checksum of its rows does not match")
    }
    if let space, header.space != space { throw .otherSpace(file, header.space, expected: space) }
    var values = [Float](repeating: 0, count: header.rowCount * header.width)
    // Both buffers have the same number of bytes; every bit pattern is a float.
    unsafe values.withUnsafeMutableBytes { unsafe $0.copyBytes(from: payload) }
    return Vectors(count: header.rowCount, width: header.width, values: values)
  }

  /// The space and rows of an ordinary shard's bytes that came inside something else.
  public static func read(
    shard bytes: [UInt8], of file: String
  ) throws(VectorStorageError) -> (space: Space, vectors: Vectors) {
    let vectors = try vectors(bytes, of: file, expecting: nil)
    return (try ShardHeader(bytes, file: file).space, vectors)
  }
}
