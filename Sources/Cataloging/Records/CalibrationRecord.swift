public import Domain

/// The cosine at a measured false-match rate, for one encoder.
public struct CalibrationRecord: Equatable, Sendable {
  public var space: Space
  /// Share of impostor pairs at or above `similarity`, in 0...1.
  public var falseMatchRate: Double
  public var similarity: CosineSimilarity
  /// Ends of the cosine's 95 % interval.
  public var low: CosineSimilarity
  public var high: CosineSimilarity
  /// How many impostor pairs were compared.
  public var comparisons: Int
  /// Which images the pairs were drawn from, in words.
  public var cohort: String

  public init(
    space: Space, falseMatchRate: Double, similarity: CosineSimilarity,
    interval: ClosedRange<CosineSimilarity>, comparisons: Int, cohort: String
  ) {
    self.space = space
    self.falseMatchRate = falseMatchRate
    self.similarity = similarity
    self.low = interval.lowerBound
    self.high = interval.upperBound
    self.comparisons = comparisons
    self.cohort = cohort
  }
}
