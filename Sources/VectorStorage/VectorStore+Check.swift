import Cryptography
import Domain
import Files

/// What is wrong with a shard.
public struct ShardProblem: Equatable, Sendable {
  /// What is wrong with a shard.
  public enum Kind: String, Sendable {
    case missing, damaged, unreadable
    case newerVersion = "newer-version"
    /// The file is whole, but not the one the catalog knows.
    case exchanged
  }

  /// Relative to the store's root.
  public var file: String
  public var kind: Kind
  /// What was found, with numbers. Lower case, no full stop.
  public var message: String
}

extension VectorStore {
  /// Reads the whole shard and compares header, size, checksum and, where one is given, the
  /// SHA-256 of the file. Nil means that it is whole.
  ///
  /// A sealed shard that no key at hand opens is compared by digest alone.
  public func check(_ file: String, expectedDigest: [UInt8]? = nil) -> ShardProblem? {
    if Self.isSealed(file) { return checkSealed(file, expectedDigest: expectedDigest) }
    let shard: Shard
    do throws(VectorStorageError) {
      shard = try Shard(path: path(of: file), file: file)
    } catch {
      return ShardProblem(file: file, kind: kind(of: error), message: error.message)
    }
    guard shard.payloadChecksum == shard.header.payloadChecksum else {
      let error = VectorStorageError.damaged(file, "the checksum of its rows does not match")
      return ShardProblem(file: file, kind: .damaged, message: error.message)
    }
    guard let expectedDigest else { return nil }
    let digest = shard.map.withBytes { SHA256.digest(of: $0) }
    if digest == expectedDigest { return nil }
    return ShardProblem(
      file: file, kind: .exchanged,
      message: "the vector shard \(file) has SHA-256 \(Hex.string(digest).prefix(16))…, "
        + "not \(Hex.string(expectedDigest).prefix(16))…")
  }

  func kind(of error: VectorStorageError) -> ShardProblem.Kind {
    switch error.code {
    case .missing: .missing
    case .newerVersion: .newerVersion
    case .fileSystem: .unreadable
    default: .damaged
    }
  }
}

extension Shard {
  fileprivate var payloadChecksum: UInt32 {
    map.withBytes { bytes in
      CRC32C.checksum(of: bytes.extracting(ShardHeader.byteCount..<bytes.byteCount))
    }
  }
}
