import Glibc

/// How many chance events are usual where a number of them is expected.
public struct PoissonInterval: Equatable, Sendable {
  public var expected: Double
  /// The smallest count with at least 2.5 % at or below it.
  public var low: Int
  /// The smallest count with at least 97.5 % at or below it.
  public var high: Int

  /// The central 95 % of a Poisson distribution with this mean, from its exact terms
  /// e^(-λ) λ^k / k!. Source: Johnson, Kemp and Kotz, *Univariate Discrete Distributions*, section 4.
  ///
  /// Events that share an image or an identity are not independent; their spread is then wider.
  /// - Precondition: `expected` is finite and not negative.
  public init(expected: Double) {
    precondition(expected.isFinite && expected >= 0)
    self.expected = expected
    low = Self.quantile(0.025, expected)
    high = Self.quantile(0.975, expected)
  }

  /// What lies more than ten deviations below the mean has no weight that a double could hold.
  private static func quantile(_ share: Double, _ mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    var count = max(0, Int(mean - 10 * mean.squareRoot() - 10))
    var term = exp(
      Double(count) * log(mean) - mean - IncompleteBeta.logGamma(Double(count) + 1))
    var sum = term
    while sum < share && Double(count) < mean + 20 * mean.squareRoot() + 40 {
      count += 1
      term *= mean / Double(count)
      sum += term
    }
    return count
  }
}
