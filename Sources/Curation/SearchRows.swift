import Cataloging
public import Domain

/// The images of some populations in one space, as a search needs them: vectors stay mapped.
public struct SearchRows: Sendable {
  public let space: Space
  /// In order of image id.
  public let images: [Int64]
  /// Row `i` belongs to `images[i]`: of length 1, or zeros where the vector has no direction.
  public let rows: any VectorRows
  /// Which false-match rate goes with a cosine; nil where the space is not calibrated.
  public let levels: FalseMatchLevels?
}

extension StepContext {
  /// - Throws: `CurationError` where no image of these populations has a vector in the space.
  public func searchRows(_ space: String, _ populations: Set<Population>) async throws -> SearchRows
  {
    guard let found = try await stored(space, populations, includesQuarantined: true) else {
      let names = populations.sorted().map(\.rawValue).joined(separator: " or ")
      throw CurationError(
        .missingInput, "no \(names) image has a vector in space \(space)",
        hint: "index some: d2r-curate index FOLDER --population digital")
    }
    return SearchRows(
      space: found.space, images: found.locations.map(\.image), rows: found.rows,
      levels: try await falseMatchLevels(in: found.space))
  }
}
