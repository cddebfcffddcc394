import Cataloging
import Cryptography
public import Domain

/// The images of some populations in one space, as a search needs them: vectors stay mapped.
public struct SearchRows: Sendable {
  public let space: Space
  /// In order of image id.
  public let images: [Int64]
  /// Row `i` belongs to `images[i]`: of length 1, or zeros where the vector has no direction.
  public let rows: any VectorRows
  /// SHA-256 over which images these are and where their vectors lie; nil where some are sealed, of
  /// which nothing may be written to disk.
  public let digest: [UInt8]?
  /// Which false-match rate goes with a cosine; nil where the space is not calibrated.
  public let levels: FalseMatchLevels?
}

extension StepContext {
  /// - Throws: `CurationError` where no image of these populations has a vector in the space.
  public func searchRows(_ space: String, _ populations: Set<Population>) async throws -> SearchRows
  {
    guard let found = try await stored(space, populations, includesQuarantined: true) else {
      throw CurationError.noVectors(of: populations, in: space)
    }
    return SearchRows(
      space: found.space, images: found.locations.map(\.image), rows: found.rows,
      digest: Self.digest(of: found),
      levels: try await falseMatchLevels(in: found.space))
  }

  private static func digest(of found: StoredImages) -> [UInt8]? {
    guard let shards = found.shards else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16 * found.locations.count + 80 * shards.count)
    for text in [found.space.name, found.space.encoderDigest] + shards {
      bytes += Array(text.utf8) + [0]
    }
    func add(_ value: UInt64, _ count: UInt64) {
      for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
    for location in found.locations {
      add(UInt64(bitPattern: location.image), 8)
      add(UInt64(location.shard), 4)
      add(UInt64(location.row), 4)
    }
    return SHA256.digest(of: bytes)
  }
}
