import Execution
import LinearAlgebra

/// A tail fitted again and again: how far its law could have been another one.
///
/// Once on excesses drawn from the law itself, their number a Poisson draw (parametric bootstrap: what
/// is left open by the number of excesses; Coles, *An Introduction to Statistical Modeling of Extreme
/// Values*, 2001). Once on the measured excesses with the identities resampled: a comparison of
/// identities drawn w_a and w_b times counts w_a × w_b times (what is left open by who is in the
/// cohort; Bolle, Ratha and Pankanti, *Error analysis of pattern recognition systems: the subsets
/// bootstrap*, Computer Vision and Image Understanding 93, 2004). Either alone is too narrow.
struct Refits: Equatable, Sendable {
  /// Fits of each kind.
  static let rounds = 199

  private struct Refit: Equatable, Sendable {
    var law: GeneralisedPareto
    /// Share of the comparisons above the base.
    var share: Double
  }

  private let drawn: [Refit]
  private let resampled: [Refit]

  init(
    _ cohort: CohortScores, size: Int, law: GeneralisedPareto, seed: UInt64, threads: Int
  ) throws {
    let excesses = Array(cohort.tail.comparisons[..<size].reversed())
    let base = Double(cohort.tail.comparisons[size].similarity)
    let comparisons = Double(cohort.rates.impostor.count)
    let counts = CounterRandom(seed: seed, stream: .max)
    drawn = try Parallel.map(count: Self.rounds, threads: threads) { round in
      let spread = Double(size).squareRoot() * Double(counts.gaussian(at: UInt64(round)))
      let count = max(GeneralisedPareto.fewest, Int((Double(size) + spread).rounded()))
      let random = CounterRandom(seed: seed, stream: UInt64(1_000_000 + round))
      return GeneralisedPareto.fit(law.draws(count, random)).map {
        Refit(law: $0, share: Double(count) / comparisons)
      }
    }.compactMap { $0 }
    resampled = try Parallel.map(count: Self.rounds, threads: threads) { round in
      let random = CounterRandom(seed: seed, stream: UInt64(2_000_000 + round))
      let weights = Self.weights(cohort.identities, random)
      var values: [Double] = []
      for comparison in excesses {
        let weight = weights[Int(comparison.first)] * weights[Int(comparison.second)]
        guard weight > 0 else { continue }
        let value = Double(comparison.similarity) - base
        values.append(contentsOf: repeatElement(value, count: weight))
      }
      let total = Self.comparisons(cohort.sizes, weights)
      return GeneralisedPareto.fit(values).map {
        Refit(law: $0, share: Double(values.count) / max(1, total))
      }
    }.compactMap { $0 }
  }

  /// From the lower of both 2.5 % quantiles of the excess to the higher of both 97.5 % ones.
  func interval(atFalseMatchRate rate: Double) -> ClosedRange<Double> {
    let ends = [drawn, resampled].compactMap { refits -> ClosedRange<Double>? in
      let excesses = refits.map { $0.law.excess(exceededBy: min(1, rate / $0.share)) }.sorted()
      guard let low = Quantile.ofSorted(excesses, at: 0.025),
        let high = Quantile.ofSorted(excesses, at: 0.975)
      else { return nil }
      return low...high
    }
    let low = ends.map(\.lowerBound).min() ?? 0
    return low...max(low, ends.map(\.upperBound).max() ?? 2)
  }

  /// How often each identity is drawn among as many draws as there are identities.
  private static func weights(_ identities: Int, _ random: CounterRandom) -> [Int] {
    var weights = [Int](repeating: 0, count: identities)
    for place in 0..<identities {
      weights[random.index(below: identities, at: UInt64(place))] += 1
    }
    return weights
  }

  /// Σ_a<b w_a w_b m_a m_b over images per identity m.
  private static func comparisons(_ sizes: [Int], _ weights: [Int]) -> Double {
    var (sum, squares) = (0.0, 0.0)
    for (size, weight) in zip(sizes, weights) {
      let images = Double(size * weight)
      sum += images
      squares += images * images
    }
    return (sum * sum - squares) / 2
  }
}
