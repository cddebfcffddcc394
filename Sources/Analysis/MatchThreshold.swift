public import Domain

/// A similarity at which a wanted share of impostor comparisons matches.
public struct MatchThreshold: Equatable, Sendable {
  /// The rate asked for.
  public var falseMatchRate: Double
  /// The smallest similarity whose measured false-match rate is at most the rate asked for.
  public var similarity: CosineSimilarity
  /// 95 % interval of that similarity; see `ErrorRates.threshold`.
  public var low: CosineSimilarity
  public var high: CosineSimilarity
  /// The share of comparisons at or above `similarity`.
  public var measuredRate: Double
  /// Impostor comparisons measured.
  public var comparisons: Int
}

/// The point where both error rates meet.
public struct EqualErrorRate: Equatable, Sendable {
  /// Half the sum of both rates at `similarity`, where they are closest.
  public var rate: Double
  public var similarity: CosineSimilarity
}
