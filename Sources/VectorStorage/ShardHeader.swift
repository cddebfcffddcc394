import Cryptography
import Domain
import Files

/// The first 256 bytes of a shard, version 1. All numbers are little endian.
///
///     offset  bytes
///          0      4  "D2RV"
///          4      4  version, 1
///          8      4  width, values per row
///         12      4  offset of the payload, 256
///         16      8  rows
///         24     32  encoder digest (SHA-256)
///         56      4  CRC-32C of the payload
///         60      4  length of the space's name in bytes
///         64    188  the name in UTF-8, then zeros
///        252      4  CRC-32C of bytes 0 ..< 252
///        256         payload: rows × width float32, row-major
struct ShardHeader: Equatable {
  static let byteCount = 256
  static let version: UInt32 = 1
  static let longestName = 188
  private static let magic = Array("D2RV".utf8)
  private static let checkedCount = 252

  var width: Int
  var rowCount: Int
  /// 32 bytes.
  var encoderDigest: [UInt8]
  var payloadChecksum: UInt32
  var spaceName: String

  /// Bytes of the whole file, or nil where no file can be so long.
  var fileSize: Int? {
    let (values, overflow) = rowCount.multipliedReportingOverflow(by: width)
    guard !overflow, values >= 0, values < 1 << 58 else { return nil }
    return Self.byteCount + 4 * values
  }

  var bytes: [UInt8] {
    var bytes = Self.magic
    bytes.append(little: Self.version)
    bytes.append(little: UInt32(width))
    bytes.append(little: UInt32(Self.byteCount))
    bytes.append(little: UInt64(rowCount))
    bytes += encoderDigest
    bytes.append(little: payloadChecksum)
    bytes.append(little: UInt32(spaceName.utf8.count))
    bytes += Array(spaceName.utf8)
    bytes += [UInt8](repeating: 0, count: Self.checkedCount - bytes.count)
    bytes.append(little: Self.checksum(of: bytes))
    return bytes
  }

  private static func checksum(of bytes: [UInt8]) -> UInt32 {
    // A byte has no padding that its span could show.
    unsafe CRC32C.checksum(of: bytes.span.bytes)
  }
}

extension ShardHeader {
  /// Reads the header of the file named `file` from its first bytes.
  init(_ bytes: [UInt8], file: String) throws(VectorStorageError) {
    guard bytes.count >= 8, Array(bytes[0..<4]) == Self.magic else {
      throw .damaged(file, "it does not begin like a vector shard")
    }
    let version = bytes.little32(at: 4)
    guard version <= Self.version else { throw .newerVersion(file, version) }
    guard bytes.count >= Self.byteCount else {
      throw .damaged(file, "it ends after \(bytes.count) bytes, inside its header")
    }
    let checked = Array(bytes[0..<Self.checkedCount])
    guard bytes.little32(at: Self.checkedCount) == Self.checksum(of: checked) else {
      throw .damaged(file, "the checksum of its header does not match")
    }
    let nameLength = Int(bytes.little32(at: 60))
    let rows = bytes.little32(at: 16, high: 20)
    guard version == Self.version, bytes.little32(at: 12) == Self.byteCount,
      nameLength <= Self.longestName, let rowCount = Int(exactly: rows), bytes.little32(at: 8) > 0,
      let name = String(validating: bytes[64..<64 + nameLength], as: UTF8.self)
    else { throw .damaged(file, "its header makes no sense") }
    self.init(
      width: Int(bytes.little32(at: 8)), rowCount: rowCount, encoderDigest: Array(bytes[24..<56]),
      payloadChecksum: bytes.little32(at: 56), spaceName: name)
    if fileSize == nil { throw .damaged(file, "its header makes no sense") }
  }

  var space: Space {
    Space(name: spaceName, width: width, encoderDigest: Hex.string(encoderDigest))
  }
}

extension [UInt8] {
  fileprivate func little32(at low: Int, high: Int) -> UInt64 {
    UInt64(little32(at: low)) | UInt64(little32(at: high)) << 32
  }
}
