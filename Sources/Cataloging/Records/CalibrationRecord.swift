public import Domain

/// How a calibrated cosine was found.
public enum CalibrationMethod: String, CaseIterable, Sendable {
  /// That share of the compared pairs lies at or above the cosine.
  case measured
  /// No pair lies at or above the cosine; the rate is 3 / pairs.
  case ruleOfThree = "rule-of-three"
  /// A law fitted to the tail says so; no pair was seen there.
  case extrapolated
}

/// The cosine at a measured false-match rate, for one encoder.
public struct CalibrationRecord: Equatable, Sendable {
  public var space: Space
  /// Share of impostor pairs at or above `similarity`, in 0...1; see `method`.
  public var falseMatchRate: Double
  public var similarity: CosineSimilarity
  /// Ends of the cosine's 95 % interval.
  public var low: CosineSimilarity
  public var high: CosineSimilarity
  /// How many impostor pairs were compared.
  public var comparisons: Int
  /// Which images the pairs were drawn from, in words.
  public var cohort: String
  public var method = CalibrationMethod.measured
  /// Variance of the measured rate in multiples of that of independent comparisons; at least 1.
  public var designEffect = 1.0
  /// Identities the pairs are between; 0 where it was not recorded.
  public var identities = 0

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
