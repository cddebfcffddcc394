import Glibc

/// How many candidates it takes until a number of further ones is accepted, where the rate is only
/// believed: the beta negative binomial distribution.
///
/// P(T = t) = C(t-1, k-1) B(α+k, β+t-k) / B(α, β) for t = k, k+1, …
/// Source: Johnson, Kemp and Kotz, *Univariate Discrete Distributions*, 6.2.3.
public struct CallForecast: Equatable, Sendable {
  /// k (α + β - 1) / (α - 1). Nil where α <= 1: rates near 0 are then so likely that the mean is
  /// infinite.
  public var mean: Double?
  /// The fewest candidates that suffice with probability `share`; nil beyond `horizon`.
  public var quantile: Int?

  /// Candidates beyond which no quantile is looked for.
  public static let horizon = 20_000

  /// - Parameters:
  ///   - acceptances: how many are still wanted; none takes no candidate.
  ///   - share: of the cases, that the quantile suffices in; 0 < share < 1.
  public init(acceptances: Int, belief: AcceptanceBelief, share: Double = 0.9) {
    precondition(acceptances >= 0 && share > 0 && share < 1)
    guard acceptances > 0 else {
      mean = 0
      quantile = 0
      return
    }
    let (alpha, beta) = (belief.alpha, belief.beta)
    mean = alpha > 1 ? Double(acceptances) * (alpha + beta - 1) / (alpha - 1) : nil
    let k = Double(acceptances)
    // In logarithms: the first terms of a rare event are below the smallest double.
    var term = (0..<acceptances).reduce(0.0) {
      $0 + log((alpha + Double($1)) / (alpha + beta + Double($1)))
    }
    var sum = exp(term)
    var calls = k
    while sum < share, calls < Double(Self.horizon) {
      term += log(calls / (calls - k + 1) * (beta + calls - k) / (alpha + beta + calls))
      calls += 1
      sum += exp(term)
    }
    quantile = sum >= share ? Int(calls) : nil
  }
}
