public import Domain
import LinearAlgebra

/// The upper tail of impostor scores continued beyond what was measured, by a generalised Pareto law
/// fitted to the excesses over a high threshold.
///
/// An extrapolation is a guess with a stated model: it holds only as far as the tail goes on the way
/// it began, and knows nothing of twins or of wrong labels that were not met.
public struct TailExtrapolation: Equatable, Sendable {
  /// The threshold the excesses are over.
  public let base: CosineSimilarity
  /// Comparisons above it.
  public let excesses: Int
  /// All impostor comparisons.
  public let comparisons: Int
  public let law: GeneralisedPareto
  /// See `GeneralisedPareto.goodness`; at least `leastGoodness`.
  public let goodness: Double
  /// Of the rate at `base`; see `CohortScores.designEffect`.
  public let designEffect: Double
  /// The smallest cosine that no pair reached: an extrapolated one is never lower.
  public let unreached: CosineSimilarity
  /// The fit again on drawn and on resampled excesses.
  private let again: Refits

  /// A law that as good a fit is rarer than this under is not used.
  public static let leastGoodness = 0.05
  /// Largest share of the comparisons that counts as their tail.
  static let largestShare = 0.02
  /// Most excesses used.
  static let mostExcesses = 4000
  /// Draws of the goodness check.
  static let goodnessDraws = 99

  /// Fits the tail of `cohort`: the largest one, from 2 % of the comparisons or 4,000 of them down by
  /// halves, that the law describes.
  ///
  /// Taking the largest tail that passes follows Bader, Yan and Zhang, *Automated threshold selection
  /// for extreme value analysis via ordered goodness-of-fit tests*, Annals of Applied Statistics 12,
  /// 2018, without their control of the false discovery rate.
  /// - Throws: `AnalysisError.tooFew` where no tail of at least 100 comparisons is there or passes.
  public static func fit(
    _ cohort: CohortScores, seed: UInt64, threads: Int = 1
  ) throws -> TailExtrapolation {
    let impostor = cohort.rates.impostor
    let share = Int(Double(impostor.count) * largestShare)
    var size = min(share, mostExcesses, impostor.top.count - 1)
    var best = 0.0
    while size >= fewest {
      let base = impostor.top[size]
      let excesses = impostor.top[..<size].reversed().map { Double($0) - Double(base) }
      let parent = Seed.derived(from: "tail \(size)", parent: seed)
      if let law = GeneralisedPareto.fit(excesses) {
        let goodness = law.goodness(of: excesses, draws: goodnessDraws, seed: parent)
        if goodness >= leastGoodness {
          let again = try Refits(cohort, size: size, law: law, seed: parent, threads: threads)
          return TailExtrapolation(cohort, size: size, law: law, goodness: goodness, again: again)
        }
        best = max(best, goodness)
      }
      size /= 2
    }
    throw AnalysisError(
      code: .tooFew,
      message: share < fewest
        ? "the tail of \(impostor.count) impostor comparisons is too short to extrapolate"
        : "no tail of \(impostor.count) impostor comparisons follows a generalised Pareto law "
          + "(goodness \(best.threeDigits), at least \(leastGoodness.threeDigits) is needed)",
      hint: "index more identities; wrong labels in the cohort also spoil its tail")
  }

  private static let fewest = 100

  private init(
    _ cohort: CohortScores, size: Int, law: GeneralisedPareto, goodness: Double, again: Refits
  ) {
    let impostor = cohort.rates.impostor
    base = CosineSimilarity(impostor.top[size])
    excesses = size
    comparisons = impostor.count
    self.law = law
    self.goodness = goodness
    designEffect = cohort.designEffect(at: base)
    unreached = CosineSimilarity(impostor.similarity(reachedByAtMost: 0))
    self.again = again
  }

  /// The cosine at `rate`, with a 95 % interval: base + σ/ξ ((rate / share above base)^(-ξ) - 1).
  ///
  /// The interval holds the middle 95 % of two seeded bootstraps, see `Refits`. Nothing exceeds 1.
  /// - Precondition: 0 < `rate` ≤ the share above `base`.
  public func threshold(atFalseMatchRate rate: Double) -> MatchThreshold {
    let share = Double(excesses) / Double(comparisons)
    precondition(rate > 0 && rate <= share)
    func cosine(_ excess: Double) -> CosineSimilarity {
      CosineSimilarity(Float(min(1, Double(base.value) + excess)))
    }
    let point = max(unreached, cosine(law.excess(exceededBy: rate / share)))
    let middle = again.interval(atFalseMatchRate: rate)
    return MatchThreshold(
      falseMatchRate: rate, similarity: point, low: min(cosine(middle.lowerBound), point),
      high: max(cosine(middle.upperBound), point), measuredRate: .nan, comparisons: comparisons,
      designEffect: designEffect)
  }
}
