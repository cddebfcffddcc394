import Glibc
import LinearAlgebra

/// The law that excesses over a high threshold follow, whatever the scores' own law (Pickands, Annals
/// of Statistics 3, 1975): P(X > x) = (1 + ξ x / σ)^(-1/ξ), and exp(-x / σ) for ξ = 0.
///
/// ξ < 0 ends at -σ / ξ, as cosines must somewhere; ξ = 0 falls exponentially, ξ > 0 slower.
public struct GeneralisedPareto: Equatable, Sendable {
  /// ξ.
  public var shape: Double
  /// σ, in the excesses' unit.
  public var scale: Double

  public init(shape: Double, scale: Double) {
    self.shape = shape
    self.scale = scale
  }

  /// P(X > x) for x ≥ 0.
  public func exceedance(_ x: Double) -> Double {
    if abs(shape) < Self.flat { return exp(-x / scale) }
    let inner = 1 + shape * x / scale
    return inner <= 0 ? 0 : exp(-log(inner) / shape)
  }

  /// The x with P(X > x) = `share`, for 0 < share ≤ 1.
  public func excess(exceededBy share: Double) -> Double {
    let depth = -log(share)
    return abs(shape) < Self.flat ? scale * depth : scale * expm1(shape * depth) / shape
  }

  /// `count` draws, rising.
  func draws(_ count: Int, _ random: CounterRandom) -> [Double] {
    // 1 - u lies in (0, 1].
    (0..<UInt64(count)).map { excess(exceededBy: 1 - random.uniform(at: $0)) }.sorted()
  }

  /// Below this |ξ| the exponential law is used.
  private static let flat = 1e-9
}

extension GeneralisedPareto {
  /// Fewest excesses a fit is made of.
  public static let fewest = 30

  /// Fits excesses that rise and are not negative; nil for fewer than `fewest`, or where the smallest
  /// quarter is zero.
  ///
  /// The profile likelihood averaged over a data-driven prior of θ = -ξ / σ: no iteration that could
  /// fail, nearly as efficient as maximum likelihood, and never an end point below the data.
  /// Source: Zhang and Stephens, *A new and efficient estimation method for the generalized Pareto
  /// distribution*, Technometrics 51, 2009.
  public static func fit(_ excesses: [Double]) -> GeneralisedPareto? {
    let count = excesses.count
    guard count >= fewest, let largest = excesses.last else { return nil }
    let quarter = excesses[Int(Double(count) / 4 + 0.5) - 1]
    guard quarter > 0 else { return nil }
    let grid = 20 + Int(Double(count).squareRoot())
    var candidates: [(theta: Double, likelihood: Double)] = []
    for place in 1...grid {
      let spread = 1 - (Double(grid) / (Double(place) - 0.5)).squareRoot()
      let theta = 1 / largest + spread / (3 * quarter)
      guard abs(theta) * largest > 1e-12 else { continue }
      let k = negativeShape(excesses, theta)
      let ratio = theta / k
      guard k != 0, ratio > 0 else { continue }
      candidates.append((theta, Double(count) * (log(ratio) + k - 1)))
    }
    guard let best = candidates.map(\.likelihood).max() else { return nil }
    var (sum, weights) = (0.0, 0.0)
    for candidate in candidates {
      let weight = exp(candidate.likelihood - best)
      sum += weight * candidate.theta
      weights += weight
    }
    let theta = sum / weights
    let k = negativeShape(excesses, theta)
    guard abs(theta) * largest > 1e-12, k / theta > 0 else {
      // θ next to 0 is the exponential law.
      return GeneralisedPareto(shape: 0, scale: excesses.reduce(0, +) / Double(count))
    }
    return GeneralisedPareto(shape: -k, scale: k / theta)
  }

  /// -ξ given θ: minus the mean of ln(1 - θ x).
  private static func negativeShape(_ excesses: [Double], _ theta: Double) -> Double {
    -excesses.reduce(0) { $0 + log1p(-theta * $1) } / Double(excesses.count)
  }

  /// How far rising excesses are from the law, the tails weighing most: the Anderson–Darling
  /// statistic A² = -n - Σ (2i - 1) (ln F(x_i) + ln (1 - F(x_(n+1-i)))) / n. Infinite where one lies
  /// beyond the end point.
  public func distance(to excesses: [Double]) -> Double {
    let count = excesses.count
    var sum = 0.0
    for (place, excess) in excesses.enumerated() {
      let below = 1 - exceedance(excess)
      let above = exceedance(excesses[count - 1 - place])
      guard above > 0 else { return .infinity }
      sum += Double(2 * place + 1) * (log(max(below, 1e-300)) + log(above))
    }
    return -Double(count) - sum / Double(count)
  }

  /// How often excesses drawn from this law, and fitted again, lie at least as far from their fit as
  /// `excesses` do from this one: small where the law does not describe them. Seeded.
  ///
  /// Source: Choulakian and Stephens, *Goodness-of-fit tests for the generalized Pareto
  /// distribution*, Technometrics 43, 2001; the law of A² is drawn instead of tabulated.
  public func goodness(of excesses: [Double], draws rounds: Int, seed: UInt64) -> Double {
    let measured = distance(to: excesses)
    guard measured.isFinite else { return 0 }
    var further = 0
    for round in 0..<rounds {
      let drawn = draws(excesses.count, CounterRandom(seed: seed, stream: UInt64(round)))
      let again = Self.fit(drawn)
      if again.map({ $0.distance(to: drawn) >= measured }) ?? false { further += 1 }
    }
    return Double(further + 1) / Double(rounds + 1)
  }
}
