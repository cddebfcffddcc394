public import Domain

/// A similarity at which a wanted share of impostor comparisons matches.
public struct MatchThreshold: Equatable, Sendable {
  /// The rate asked for.
  public var falseMatchRate: Double
  /// The smallest similarity whose measured false-match rate is at most the rate asked for.
  public var similarity: CosineSimilarity
  /// 95 % interval of that similarity; see `ErrorRates.threshold` and `CohortScores.threshold`.
  public var low: CosineSimilarity
  public var high: CosineSimilarity
  /// The share of comparisons at or above `similarity`.
  public var measuredRate: Double
  /// Impostor comparisons measured.
  public var comparisons: Int
  /// By how much the variance of the measured rate exceeds that of independent comparisons; 1 where
  /// they are taken as independent.
  public var designEffect = 1.0
}

/// A false-match rate measured at a similarity.
public struct RateEstimate: Equatable, Sendable {
  /// Comparisons at or above the similarity.
  public var matches: Int
  public var comparisons: Int
  /// `matches` / `comparisons`.
  public var rate: Double
  /// The interval of the rate; see `BinomialInterval.clustered`.
  public var interval: BinomialInterval
  /// See `MatchThreshold.designEffect`.
  public var designEffect: Double
}

/// The point where both error rates meet.
public struct EqualErrorRate: Equatable, Sendable {
  /// Half the sum of both rates at `similarity`, where they are closest.
  public var rate: Double
  public var similarity: CosineSimilarity
}
