/// What a leak search can have missed: bounds that hold together with 95 % confidence.
///
/// Model. A leak is a suspect image that shows a person of the gallery. It is found with probability
/// d = (1 - f) r at least: f is the false-non-match rate at the threshold, r the engine's recall.
/// With D images found, the number of leaks among the tested images is at most the largest L with
/// P(Binomial(L, d) ≤ D) > β; L - D of them are undetected. f and r are replaced by their one-sided
/// Clopper–Pearson bounds at β each, and β = 0.05 / (number of bounds used), so that all hold at once
/// (Bonferroni). docs/certificate.md has the derivation.
public struct LeakExposure: Equatable, Sendable {
  /// What the bounds are made of.
  public struct Evidence: Equatable, Sendable {
    /// Images that were compared.
    public var tested: Int
    /// Distinct images among them that were found.
    public var found: Int
    /// Images of the set that could not be compared: each may be a leak.
    public var untested: Int
    /// Genuine comparisons of a labelled cohort, by identity; empty where there is none.
    public var genuine: [Genuine]
    /// Nil for an engine whose answers are complete.
    public var recall: Recall?

    public init(
      tested: Int, found: Int, untested: Int, genuine: [Genuine], recall: Recall? = nil
    ) {
      self.tested = tested
      self.found = found
      self.untested = untested
      self.genuine = genuine
      self.recall = recall
    }
  }

  /// One identity's genuine comparisons.
  public struct Genuine: Equatable, Sendable {
    public var pairs: Int
    /// Those below the threshold.
    public var missed: Int

    public init(pairs: Int, missed: Int) {
      self.pairs = pairs
      self.missed = missed
    }
  }

  /// How often an approximate engine gave the nearest neighbour of an exact search.
  public struct Recall: Equatable, Sendable {
    public var tried: Int
    public var found: Int

    public init(tried: Int, found: Int) {
      self.tried = tried
      self.found = found
    }
  }

  /// Upper bound of the false-non-match rate; nil without genuine comparisons.
  public var missRate: Double?
  /// Lower bound of the engine's recall; 1 for a complete one.
  public var recall: Double
  /// Leaks among the tested images that were not found, at most; nil where nothing can be said.
  public var undetected: Int?
  /// `undetected` and all untested images.
  public var atMost: Int?
  /// Upper bound, at 95 % by itself, of the share of findable leaks among images made in the same
  /// way: 1 - 0.05^(1/n), about 3 / n, where none of n was found. Nil where none was tested.
  public var rateOfFurther: Double?

  public init(_ evidence: Evidence) {
    let bounds = evidence.recall == nil ? 2 : 3
    let share = 0.05 / Double(bounds)
    missRate = Self.missRate(evidence.genuine, share)
    recall =
      evidence.recall.map { 1 - Self.upper($0.tried - $0.found, of: $0.tried, share) } ?? 1
    if evidence.tested > 0 {
      rateOfFurther = Self.upper(evidence.found, of: evidence.tested, 0.05)
    }
    guard let missRate else { return }
    let detection = (1 - missRate) * recall
    let most = Self.largestCount(
      found: evidence.found, detection: detection, share: share, tested: evidence.tested)
    undetected = most - evidence.found
    atMost = most - evidence.found + evidence.untested
  }

  /// The larger of two bounds: over all pairs, as if they were independent, and over identities,
  /// each counted once with its share of missed pairs (their sum rounded up). Pairs of one person
  /// are not independent; people are.
  private static func missRate(_ genuine: [Genuine], _ share: Double) -> Double? {
    let counted = genuine.filter { $0.pairs > 0 }
    guard !counted.isEmpty else { return nil }
    let pairs = counted.reduce(0) { $0 + $1.pairs }
    let missed = counted.reduce(0) { $0 + $1.missed }
    let people = counted.reduce(0.0) { $0 + Double($1.missed) / Double($1.pairs) }
    // The small subtraction keeps sums of thirds at whole numbers.
    let missedPeople = Int((people - 1e-9).rounded(.up))
    return max(
      upper(missed, of: pairs, share),
      upper(
        min(max(missedPeople, 0), counted.count),
        of: counted.count, share))
  }

  /// One-sided Clopper–Pearson: the p with P(Binomial(trials, p) ≤ successes) = `share`.
  static func upper(_ successes: Int, of trials: Int, _ share: Double) -> Double {
    guard trials > 0, successes < trials else { return 1 }
    return IncompleteBeta.quantile(
      1 - share, Double(successes) + 1, Double(trials) - Double(successes))
  }

  /// The largest count up to `tested` of which finding so few is not yet unlikely; P falls as the
  /// count grows, so bisection finds it.
  private static func largestCount(
    found: Int, detection: Double, share: Double, tested: Int
  ) -> Int {
    var possible = min(found, tested)
    var impossible = tested + 1
    while impossible - possible > 1 {
      let middle = possible + (impossible - possible) / 2
      // P(Binomial(L, d) ≤ D) = I_{1-d}(L - D, D + 1); NIST DLMF 8.17.5.
      let chance = IncompleteBeta.value(
        1 - detection, Double(middle - found), Double(found) + 1)
      if chance > share { possible = middle } else { impossible = middle }
    }
    return possible
  }
}
