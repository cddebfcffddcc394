public import Domain

/// What comparing a cohort with itself gives: both distributions, and who the highest impostor
/// scores are between.
public struct CohortScores: Equatable, Sendable {
  public let rates: ErrorRates
  public let tail: ImpostorTail
  /// Images per identity; an image without identity is one of its own.
  public let sizes: [Int]

  init(rates: ErrorRates, tail: ImpostorTail, sizes: [Int]) {
    self.rates = rates
    self.tail = tail
    self.sizes = sizes
  }

  /// From all comparisons of a cohort, made elsewhere, in any order.
  /// - Precondition: identities of comparisons have a size.
  public init(impostor: [ImpostorTail.Comparison], genuine: [Float], sizes: [Int]) {
    precondition(impostor.allSatisfy { $0.first >= 0 && $0.second < sizes.count })
    self.init(
      rates: ErrorRates(genuine: genuine, impostor: impostor.map(\.similarity)),
      tail: ImpostorTail(comparisons: impostor.sorted()), sizes: sizes)
  }

  /// Identities with at least one image.
  public var identities: Int { sizes.count }

  /// The false-match rate at `similarity` with its interval; nil without impostor comparisons.
  public func falseMatchRate(
    at similarity: CosineSimilarity, confidence: Double = 0.95
  ) -> RateEstimate? {
    let comparisons = rates.impostor.count
    guard comparisons > 0 else { return nil }
    let matches = rates.impostor.count(atLeast: similarity.value)
    let effect = designEffect(at: similarity)
    return RateEstimate(
      matches: matches, comparisons: comparisons, rate: Double(matches) / Double(comparisons),
      interval: .clustered(
        successes: matches, trials: comparisons, designEffect: effect, clusters: identities,
        confidence: confidence),
      designEffect: effect)
  }

  /// As `ErrorRates.threshold`, with an interval that knows that comparisons share identities.
  ///
  /// The interval of the rate is `BinomialInterval.clustered` with this cohort's `designEffect`,
  /// mapped to order statistics of the similarity.
  /// - Throws: as `ErrorRates.threshold`; `.tooFew` also says how many identities would do.
  public func threshold(atFalseMatchRate rate: Double) throws -> MatchThreshold {
    try ErrorRates.requireRate(rate)
    let comparisons = rates.impostor.count
    let needed = ErrorRates.comparisonsNeeded(forRate: rate)
    guard comparisons >= needed else {
      throw AnalysisError(
        code: .tooFew,
        message: "a false-match rate of \(rate) needs at least \(needed) impostor comparisons, "
          + "about \(identitiesNeeded(forComparisons: needed)) identities with as many images "
          + "each; there are \(comparisons) of \(identities) identities",
        hint: "index more identities, ask for a larger rate, or have the tail extrapolated")
    }
    let allowed = ErrorRates.allowed(rate, of: comparisons)
    let effect = designEffect(
      at: CosineSimilarity(rates.impostor.similarity(reachedByAtMost: allowed)))
    let share = BinomialInterval.clustered(
      successes: allowed, trials: comparisons, designEffect: effect, clusters: identities)
    var threshold = rates.threshold(rate, allowed: allowed, share: share)
    threshold.designEffect = effect
    return threshold
  }

  /// True where there are comparisons enough for `rate`, by the rule of three.
  public func supports(_ rate: Double) -> Bool {
    rate > 0 && rates.impostor.count >= ErrorRates.comparisonsNeeded(forRate: rate)
  }

  /// Identities, with as many images each as here on average, whose impostor comparisons are at
  /// least `comparisons`: G (G - 1) / 2 × images² ≥ comparisons.
  public func identitiesNeeded(forComparisons comparisons: Int) -> Int {
    let images = Double(sizes.reduce(0, +)) / Double(max(1, identities))
    guard images > 0 else { return comparisons }
    let pairs = Double(comparisons) / (images * images)
    return Int(exactly: ((1 + (1 + 8 * pairs).squareRoot()) / 2).rounded(.up)) ?? .max
  }

  /// By how much the variance of the measured false-match rate at `similarity` exceeds that of as many
  /// independent comparisons; at least 1.
  ///
  /// Comparisons that share an identity are correlated: someone whom many resemble adds many false
  /// matches at once. With k_ab of n_ab comparisons between identities a and b matching, a measured
  /// rate p and residuals r_ab = k_ab - p n_ab, the variance of the number of matches is estimated by
  /// Σ_a (Σ_b r_ab)² - Σ_a<b r_ab², times G / (G - 1) for G identities.
  ///
  /// Source: Aronow, Samii and Assenova, *Cluster-robust variance estimation for dyadic data*,
  /// Political Analysis 23, 2015. Below the kept tail, the value at its lower end is given.
  public func designEffect(at similarity: CosineSimilarity) -> Double {
    let matching = tail.atLeast(similarity.value)
    let comparisons = Double(rates.impostor.count)
    guard !matching.isEmpty, identities > 1, comparisons > Double(matching.count) else { return 1 }
    let rate = Double(matching.count) / comparisons
    let images = Double(sizes.reduce(0, +))
    var ofIdentity = [Double](repeating: 0, count: identities)
    var ofPair: [SIMD2<Int32>: Double] = [:]
    var crossed = 0.0
    for comparison in matching {
      let (a, b) = (Int(comparison.first), Int(comparison.second))
      ofIdentity[a] += 1
      ofIdentity[b] += 1
      ofPair[SIMD2(comparison.first, comparison.second), default: 0] += 1
      crossed += Double(sizes[a]) * Double(sizes[b])
    }
    var squares = 0.0
    var (second, fourth) = (0.0, 0.0)
    for (identity, matches) in ofIdentity.enumerated() {
      let size = Double(sizes[identity])
      let residual = matches - rate * size * (images - size)
      squares += residual * residual
      second += size * size
      fourth += size * size * size * size
    }
    // The counts are whole numbers, so the dictionary's order does not show.
    let counted = ofPair.values.reduce(0) { $0 + $1 * $1 }
    let ofPairs = counted - 2 * rate * crossed + rate * rate * (second * second - fourth) / 2
    let correction = Double(identities) / Double(identities - 1)
    return max(1, correction * (squares - ofPairs) / (comparisons * rate * (1 - rate)))
  }
}
