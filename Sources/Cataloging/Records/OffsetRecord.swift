public import Domain

/// Δ: the vector from one population's mean to another's, in one space.
public struct OffsetRecord: Equatable, Sendable {
  public var space: Space
  public var from: Population
  public var to: Population
  /// `space.width` values.
  public var vector: [Float]
  /// Counts, spread and tests, as JSON with sorted keys.
  public var statistics: String

  public init(
    space: Space, from: Population, to: Population, vector: [Float], statistics: String
  ) {
    self.space = space
    self.from = from
    self.to = to
    self.vector = vector
    self.statistics = statistics
  }
}
