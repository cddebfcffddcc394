import Glibc

/// What is believed of the rate at which an identity's candidates are accepted: a beta distribution.
///
/// Source of the model: Gelman, Carlin, Stern et al., *Bayesian Data Analysis*, third edition, 2.4 and
/// 5.1 (binomial counts with beta-distributed rates).
public struct AcceptanceBelief: Equatable, Sendable {
  public var alpha: Double
  public var beta: Double

  /// - Precondition: both are positive and finite.
  public init(alpha: Double, beta: Double) {
    precondition(alpha > 0 && beta > 0 && alpha.isFinite && beta.isFinite)
    self.alpha = alpha
    self.beta = beta
  }

  /// The belief with this mean and this standard deviation; nil where no beta distribution has them:
  /// the mean must lie between 0 and 1, the deviation above 0 and below √(mean (1 - mean)).
  public init?(mean: Double, deviation: Double) {
    guard mean > 0, mean < 1, deviation > 0 else { return nil }
    let strength = mean * (1 - mean) / (deviation * deviation) - 1
    guard strength > 0, strength.isFinite else { return nil }
    self.init(alpha: mean * strength, beta: (1 - mean) * strength)
  }

  public var mean: Double { alpha / (alpha + beta) }

  /// The belief after `trials` candidates, `successes` of them accepted.
  /// - Precondition: `0 <= successes <= trials`.
  public func after(_ successes: Int, of trials: Int) -> AcceptanceBelief {
    precondition((0...max(0, trials)).contains(successes))
    return AcceptanceBelief(
      alpha: alpha + Double(successes), beta: beta + Double(trials - successes))
  }

  /// The probability that the rate is `rate` or more: 1 - I_rate(α, β).
  public func probability(atLeast rate: Double) -> Double {
    1 - IncompleteBeta.value(rate, alpha, beta)
  }

  /// The rate below which a share `share` of the belief lies.
  /// - Precondition: `0 < share < 1`.
  public func quantile(_ share: Double) -> Double {
    precondition(share > 0 && share < 1)
    return IncompleteBeta.quantile(share, alpha, beta)
  }
}

/// Counts over identities from which a common belief is fitted; adding them costs the same however
/// many there are.
public struct AcceptanceCounts: Equatable, Sendable {
  /// Identities with at least one candidate.
  public private(set) var identities = 0
  public private(set) var trials = 0
  public private(set) var successes = 0
  private var squaredTrials = 0.0
  private var squaredSuccessesPerTrial = 0.0

  /// What is believed where nothing was tried: every rate is as likely as any other.
  public static let weakest = AcceptanceBelief(alpha: 1, beta: 1)
  /// Fewer identities than this say nothing of how rates differ.
  static let fewestIdentities = 10
  /// α + β lies in this range: never less than one imagined candidate per identity, never more than
  /// 50, so that an identity's own count outweighs what others did.
  static let strengths = 1.0...50.0

  public init() {}

  /// Counts one identity.
  /// - Precondition: `0 <= successes <= trials`.
  public mutating func add(_ successes: Int, of trials: Int) {
    precondition((0...max(0, trials)).contains(successes))
    guard trials > 0 else { return }
    identities += 1
    self.trials += trials
    self.successes += successes
    squaredTrials += Double(trials) * Double(trials)
    squaredSuccessesPerTrial += Double(successes) * Double(successes) / Double(trials)
  }

  /// The common belief: its mean is (successes + 1) / (trials + 2); its strength α + β = 1/ρ - 1 follows
  /// from the intra-class correlation ρ by the method of moments with weights nᵢ,
  ///
  ///     ρ = (S - p(1-p)(K-1)) / (p(1-p)(N - Σnᵢ²/N - (K-1))),  S = Σ nᵢ (xᵢ/nᵢ - p)²
  ///
  /// (Kleinman, *Proportions with extraneous variance*, JASA 68, 1973). Below ten identities, or where
  /// none was tried twice, the strength is 2; with no candidate at all the belief is `weakest`.
  public func belief() -> AcceptanceBelief {
    let mean = Double(successes + 1) / Double(trials + 2)
    let strength = self.strength ?? 2
    return AcceptanceBelief(alpha: mean * strength, beta: (1 - mean) * strength)
  }

  private var strength: Double? {
    guard identities >= Self.fewestIdentities, successes > 0, successes < trials else { return nil }
    let (count, total) = (Double(identities), Double(trials))
    let p = Double(successes) / total
    let variance = p * (1 - p)
    let pairs = total - squaredTrials / total - (count - 1)
    guard pairs > 0 else { return nil }
    let spread = squaredSuccessesPerTrial - total * p * p
    let correlation = (spread - variance * (count - 1)) / (variance * pairs)
    guard correlation > 0 else { return Self.strengths.upperBound }
    return min(max(1 / correlation - 1, Self.strengths.lowerBound), Self.strengths.upperBound)
  }
}
