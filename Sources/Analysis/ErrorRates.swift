public import Domain

/// How often an encoder errs, from measured comparisons. A comparison matches when its similarity is
/// at or above the threshold.
///
/// FMR: share of impostor comparisons that match. FNMR: share of genuine comparisons that do not.
/// Source of the terms: ISO/IEC 19795-1.
public struct ErrorRates: Equatable, Sendable {
  /// Comparisons within an identity.
  public let genuine: ScoreDistribution
  /// Comparisons between identities.
  public let impostor: ScoreDistribution

  public init(genuine: ScoreDistribution, impostor: ScoreDistribution) {
    self.genuine = genuine
    self.impostor = impostor
  }

  public init(genuine: [Float], impostor: [Float]) {
    self.init(genuine: ScoreDistribution(genuine), impostor: ScoreDistribution(impostor))
  }

  /// FMR at `similarity`; NaN without impostor comparisons.
  public func falseMatchRate(at similarity: CosineSimilarity) -> Double {
    Double(impostor.count(atLeast: similarity.value)) / Double(impostor.count)
  }

  /// FNMR at `similarity`; NaN without genuine comparisons.
  public func falseNonMatchRate(at similarity: CosineSimilarity) -> Double {
    Double(genuine.count - genuine.count(atLeast: similarity.value)) / Double(genuine.count)
  }

  /// The smallest similarity whose measured FMR is at most `rate`, with a 95 % interval.
  ///
  /// The interval is Clopper–Pearson's for the share of false matches, mapped to order statistics of
  /// the similarity: `low` is the threshold at the upper end of the share, `high` at the lower end.
  /// It treats comparisons as independent; those that share an image are not, so it is the narrowest
  /// honest one.
  /// - Throws: `AnalysisError.outOfRange` for a rate outside 0 < rate ≤ 1; `.tooFew` for fewer than
  ///   3 / rate comparisons: by the rule of three, even none matching of that many leaves the rate
  ///   itself possible (1 - 0.05^(1/n) ≈ 3/n).
  public func threshold(atFalseMatchRate rate: Double) throws -> MatchThreshold {
    try Self.requireRate(rate)
    let comparisons = impostor.count
    let needed = Self.comparisonsNeeded(forRate: rate)
    guard comparisons >= needed else {
      throw AnalysisError(
        code: .tooFew,
        message: "a false-match rate of \(rate) needs at least \(needed) "
          + "impostor comparisons, there are \(comparisons)",
        hint: "index more identities or ask for a larger rate")
    }
    let allowed = Self.allowed(rate, of: comparisons)
    return threshold(
      rate, allowed: allowed,
      share: .clopperPearson(successes: allowed, trials: comparisons))
  }

  /// The threshold that `allowed` comparisons may reach, with the interval `share` of the rate mapped
  /// to order statistics.
  func threshold(_ rate: Double, allowed: Int, share: BinomialInterval) -> MatchThreshold {
    let comparisons = Double(impostor.count)
    let similarity = CosineSimilarity(impostor.similarity(reachedByAtMost: allowed))
    func reached(_ matches: Double) -> CosineSimilarity {
      CosineSimilarity(impostor.similarity(reachedByAtMost: Int(matches)))
    }
    return MatchThreshold(
      falseMatchRate: rate, similarity: similarity,
      low: reached((share.high * comparisons).rounded(.up)),
      high: reached((share.low * comparisons).rounded(.down)),
      measuredRate: falseMatchRate(at: similarity), comparisons: impostor.count)
  }

  static func requireRate(_ rate: Double) throws(AnalysisError) {
    guard rate > 0 && rate <= 1 else {
      throw AnalysisError(
        code: .outOfRange, message: "a false-match rate of \(rate) was asked for",
        hint: "ask for a rate above 0 and up to 1, such as 1e-4")
    }
  }

  /// The rule of three: the least number of comparisons that supports `rate`.
  static func comparisonsNeeded(forRate rate: Double) -> Int {
    Int(exactly: (3 / rate).rounded(.up)) ?? .max
  }

  /// How many of `comparisons` may match at `rate`.
  static func allowed(_ rate: Double, of comparisons: Int) -> Int {
    // The small addition keeps 0.1 × 30 at 3.
    min(comparisons, Int(rate * Double(comparisons) * (1 + 1e-12)))
  }

  /// Where FMR and FNMR are closest, found by bisection over all floats: FMR falls and FNMR rises with
  /// the similarity. Nil without genuine or without impostor comparisons.
  public func equalErrorRate() -> EqualErrorRate? {
    guard genuine.count > 0 && impostor.count > 0 else { return nil }
    var low = Self.key(of: -2)
    var high = Self.key(of: 2)
    while high - low > 1 {
      let middle = (low + high) / 2
      let similarity = CosineSimilarity(Self.float(of: middle))
      let crossed = falseNonMatchRate(at: similarity) >= falseMatchRate(at: similarity)
      if crossed { high = middle } else { low = middle }
    }
    let candidates = [low, high].map { CosineSimilarity(Self.float(of: $0)) }
    let rates = candidates.map { (falseMatchRate(at: $0), falseNonMatchRate(at: $0)) }
    let best = abs(rates[0].0 - rates[0].1) < abs(rates[1].0 - rates[1].1) ? 0 : 1
    return EqualErrorRate(
      rate: (rates[best].0 + rates[best].1) / 2, similarity: candidates[best])
  }

  /// The chance that a genuine similarity exceeds an impostor one, ties counting half; from the
  /// histograms where scores are not all kept. Nil when a side is empty.
  public func areaUnderCurve() -> Double? {
    guard genuine.count > 0 && impostor.count > 0 else { return nil }
    if genuine.isExact && impostor.isExact {
      return AreaUnderCurve.ofSorted(
        positives: genuine.top.reversed(), negatives: impostor.top.reversed())
    }
    var below = 0.0
    var wins = 0.0
    for (positives, negatives) in zip(genuine.bins, impostor.bins) {
      wins += Double(positives) * (below + 0.5 * Double(negatives))
      below += Double(negatives)
    }
    return wins / (Double(genuine.count) * Double(impostor.count))
  }

  /// Whole numbers in the order of floats, and back.
  private static func key(of value: Float) -> Int {
    let bits = Int(value.bitPattern & 0x7FFF_FFFF)
    return value.sign == .minus ? -bits : bits
  }

  private static func float(of key: Int) -> Float {
    let magnitude = Float(bitPattern: UInt32(abs(key)))
    return key < 0 ? -magnitude : magnitude
  }
}
