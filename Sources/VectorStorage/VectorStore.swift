import Cryptography
public import Domain
public import Files

/// A shard that is on the disk under its final name.
public struct PublishedShard: Equatable, Sendable {
  /// Relative to the store's root.
  public var file: String
  public var rowCount: Int
  /// SHA-256 of the whole file, 32 bytes.
  public var digest: [UInt8]
}

/// The shards of a workspace: immutable files, named by their content.
///
/// A shard's name is `SPACE-ENCODER/CONTENT.shard`, where ENCODER is the first 12 digits of the
/// encoder's digest and CONTENT the first 16 of the file's own SHA-256. Space names consist of
/// letters, digits, ".", "_" and "-" (at most 64, first not a dot); encoder digests are 64
/// hexadecimal digits. The store knows nothing of what the rows mean; the catalog does.
public struct VectorStore: Sendable {
  public let root: String
  /// What opens sealed shards.
  let keys: KeyRing
  private let faults: FileFaults?

  /// - Parameters:
  ///   - keys: what opens sealed shards; by default nothing does.
  ///   - faults: for tests; see `FileFaults`.
  public init(root: String, keys: KeyRing = KeyRing(files: []), faults: FileFaults? = nil) {
    self.root = root
    self.keys = keys
    self.faults = faults
  }

  /// Writes the rows as one shard, beside and renamed into place. Where the same content of the
  /// same space is there already and whole, nothing is written and the answer is the same.
  /// No rows make a shard without rows.
  public func publish(
    _ vectors: Vectors, space: Space
  ) throws(VectorStorageError) -> PublishedShard {
    let header = try header(for: vectors, in: space)
    let digest = digest(header, vectors)
    let folder = Self.folder(of: space)
    let file = "\(folder)/\(Hex.string(digest).prefix(16)).shard"
    let published = PublishedShard(file: file, rowCount: vectors.count, digest: digest)
    if check(file, expectedDigest: digest) == nil { return published }
    try withFiles { () throws(FilesError) in
      try FileSystem.makeFolder(Paths.join(root, folder))
      try AtomicFile.write(to: path(of: file), faults: faults) { (sink) throws(FilesError) in
        try sink.append(header.bytes)
        // A float has no padding that its span could show.
        try unsafe sink.append(vectors.values.span.bytes)
      }
    }
    return published
  }

  /// Opens a shard, checking its header and its size.
  /// - Throws: `otherSpace` where it belongs to another space than `expecting`.
  public func open(
    _ file: String, expecting space: Space
  ) throws(VectorStorageError) -> Shard {
    let shard = try Shard(path: path(of: file), file: file)
    guard shard.space.name == space.name, shard.space.width == space.width,
      shard.header.encoderDigest == Hex.bytes(space.encoderDigest)
    else { throw .otherSpace(file, shard.space, expected: space) }
    return shard
  }

  /// Shards below the root that are not in `known`, in the order of their bytes; none where there
  /// is no root yet. Such files are left by work that stopped before the catalog was told.
  public func orphans(known: Set<String>) throws(VectorStorageError) -> [String] {
    guard FileSystem.exists(root) else { return [] }
    return try withFiles { () throws(FilesError) in
      try FolderWalk.files(under: root, extensions: ["shard", Self.sealedExtension]).files
    }
    .filter { !known.contains($0) }
  }

  func path(of file: String) -> String { Paths.join(root, file) }

  static func folder(of space: Space) -> String {
    "\(space.name)-\(space.encoderDigest.prefix(12).lowercased())"
  }

  private func digest(_ header: ShardHeader, _ vectors: Vectors) -> [UInt8] {
    var stream = SHA256.Stream()
    stream.update(header.bytes)
    // A float has no padding that its span could show.
    unsafe stream.update(vectors.values.span.bytes)
    return stream.finalize()
  }

  func header(
    for vectors: Vectors, in space: Space
  ) throws(VectorStorageError) -> ShardHeader {
    guard let digest = Hex.bytes(space.encoderDigest), digest.count == SHA256.byteCount else {
      throw .badSpace(
        "the space \(space.name) has the encoder digest \"\(space.encoderDigest)\"",
        "an encoder digest is a SHA-256: 64 hexadecimal digits")
    }
    guard Self.isUsable(space.name) else {
      throw .badSpace(
        "\"\(space.name)\" cannot name a space",
        "use 1 to 64 letters, digits, dots, hyphens and underscores, and no dot at the start")
    }
    guard vectors.width == space.width, space.width <= Int(UInt32.max) else {
      throw .badSpace(
        "vectors of \(vectors.width) values do not fit the space \(space.name) of \(space.width)",
        "check which encoder made the vectors")
    }
    // A float has no padding that its span could show.
    let checksum = unsafe CRC32C.checksum(of: vectors.values.span.bytes)
    return ShardHeader(
      width: space.width, rowCount: vectors.count, encoderDigest: digest,
      payloadChecksum: checksum, spaceName: space.name)
  }

  private static func isUsable(_ name: String) -> Bool {
    let allowed = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      }
    }
    return allowed && (1...64).contains(name.utf8.count) && name.utf8.first != UInt8(ascii: ".")
  }
}
