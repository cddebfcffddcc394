import Cryptography
public import Domain
import Files

/// What a pair graph is about: the first 256 bytes of its file, version 1. Little endian.
///
///     offset  bytes
///          0      4  "D2RP"
///          4      4  version, 1
///          8      4  offset of the records, 256
///         12      4  floor, float32
///         16      8  rows
///         24     32  encoder digest (SHA-256)
///         56     32  rows digest (SHA-256)
///         88      4  1 where no pair is missing, else 0
///         92      4  width of the space
///         96      4  length of the space's name in bytes
///        100    152  the name in UTF-8, then zeros
///        252      4  CRC-32C of bytes 0 ..< 252
///        256         records: a uint32, b uint32, similarity float32, by rising (a, b), a < b
///         then   16  number of records uint64, CRC-32C of the records, CRC-32C of these 12 bytes
public struct PairGraphHeader: Equatable, Sendable {
  public var space: Space
  /// SHA-256, in hex, over which rows these are.
  public var rowsDigest: String
  /// The least similarity of a pair in the graph.
  public var floor: CosineSimilarity
  /// True where no pair at or above the floor is missing.
  public var isExact: Bool
  /// Rows the pairs are between.
  public var rowCount: Int

  static let byteCount = 256
  static let recordSize = 12
  static let trailerSize = 16
  static let version: UInt32 = 1
  static let longestName = 152
  private static let magic = Array("D2RP".utf8)
  private static let checkedCount = 252

  public init(
    space: Space, rowsDigest: String, floor: CosineSimilarity, isExact: Bool, rowCount: Int
  ) {
    self.space = space
    self.rowsDigest = rowsDigest
    self.floor = floor
    self.isExact = isExact
    self.rowCount = rowCount
  }

  func bytes() throws(VectorStorageError) -> [UInt8] {
    guard let encoder = Hex.bytes(space.encoderDigest), encoder.count == 32,
      let rows = Hex.bytes(rowsDigest), rows.count == 32, rowCount >= 0,
      rowCount <= Int(UInt32.max), space.name.utf8.count <= Self.longestName
    else {
      throw .badSpace(
        "a pair graph of \(rowCount) rows of the space \(space.name) cannot be described",
        "digests are SHA-256 in hex, rows at most 4,294,967,295, names at most 152 bytes")
    }
    var bytes = Self.magic
    bytes.append(little: Self.version)
    bytes.append(little: UInt32(Self.byteCount))
    bytes.append(little: floor.value.bitPattern)
    bytes.append(little: UInt64(rowCount))
    bytes += encoder + rows
    bytes.append(little: UInt32(isExact ? 1 : 0))
    bytes.append(little: UInt32(space.width))
    bytes.append(little: UInt32(space.name.utf8.count))
    bytes += Array(space.name.utf8)
    bytes += [UInt8](repeating: 0, count: Self.checkedCount - bytes.count)
    bytes.append(little: CRC32C.checksum(of: bytes))
    return bytes
  }

  /// Reads the header of the file named `file` from its first bytes.
  init(_ bytes: [UInt8], file: String) throws(VectorStorageError) {
    guard bytes.count >= Self.byteCount, Array(bytes[0..<4]) == Self.magic else {
      throw .damagedGraph(file, "it does not begin like a pair graph")
    }
    let version = bytes.little32(at: 4)
    guard version <= Self.version else {
      throw VectorStorageError(
        code: .newerVersion,
        message: "the pair graph \(file) has format \(version); this program reads up to 1",
        hint: "use the version of d2r-curate that wrote it, or a later one")
    }
    let nameLength = Int(bytes.little32(at: 96))
    guard
      bytes.little32(at: Self.checkedCount)
        == CRC32C.checksum(of: Array(bytes[0..<Self.checkedCount])),
      bytes.little32(at: 8) == Self.byteCount, nameLength <= Self.longestName,
      let name = String(validating: bytes[100..<100 + nameLength], as: UTF8.self),
      let rows = Int(exactly: bytes.little64(at: 16))
    else { throw .damagedGraph(file, "its header makes no sense") }
    self.init(
      space: Space(
        name: name, width: Int(bytes.little32(at: 92)),
        encoderDigest: Hex.string(Array(bytes[24..<56]))),
      rowsDigest: Hex.string(Array(bytes[56..<88])),
      floor: CosineSimilarity(Float(bitPattern: bytes.little32(at: 12))),
      isExact: bytes.little32(at: 88) == 1, rowCount: rows)
  }
}

extension VectorStorageError {
  static func damagedGraph(_ file: String, _ reason: String) -> Self {
    Self(
      code: .damaged, message: "the pair graph \(file) is damaged: \(reason)",
      hint: "remove the file; it is searched for again when it is needed")
  }
}

extension [UInt8] {
  mutating func append(little value: some FixedWidthInteger) {
    for place in 0..<value.bitWidth / 8 {
      append(UInt8(truncatingIfNeeded: value >> (8 * place)))
    }
  }

  func little32(at offset: Int) -> UInt32 {
    self[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  func little64(at offset: Int) -> UInt64 {
    UInt64(little32(at: offset)) | UInt64(little32(at: offset + 4)) << 32
  }
}
