import Glibc

/// An interval for a share, from counts.
public struct BinomialInterval: Equatable, Sendable {
  public var low: Double
  public var high: Double

  /// The Clopper–Pearson interval: the shares that an exact two-sided binomial test does not reject.
  /// It covers the truth at least as often as `confidence` says.
  ///
  /// low and high are beta quantiles, found by bisection: I_low(k, n-k+1) = (1-confidence)/2 and
  /// I_high(k+1, n-k) = (1+confidence)/2. Source: Clopper and Pearson, Biometrika 26, 1934.
  /// - Precondition: `0 <= successes <= trials`, `trials > 0` and `0 < confidence < 1`.
  public static func clopperPearson(
    successes: Int, trials: Int, confidence: Double = 0.95
  ) -> BinomialInterval {
    precondition(trials > 0 && (0...trials).contains(successes))
    precondition(confidence > 0 && confidence < 1)
    let k = Double(successes)
    let n = Double(trials)
    let tail = (1 - confidence) / 2
    return BinomialInterval(
      low: successes == 0 ? 0 : IncompleteBeta.quantile(tail, k, n - k + 1),
      high: successes == trials ? 1 : IncompleteBeta.quantile(1 - tail, k + 1, n - k))
  }

  /// The same for trials that are not independent: as many trials as carry the same information,
  /// `trials` / `designEffect`, cut once more by (z / t)² for a design effect that was itself
  /// estimated from `clusters` groups of trials.
  ///
  /// Source: Korn and Graubard, *Confidence intervals for proportions with small expected number of
  /// positive counts estimated from survey data*, Survey Methodology 24, 1998.
  /// - Precondition: as above, `designEffect >= 1` and `clusters > 1`.
  public static func clustered(
    successes: Int, trials: Int, designEffect: Double, clusters: Int, confidence: Double = 0.95
  ) -> BinomialInterval {
    precondition(trials > 0 && (0...trials).contains(successes) && designEffect >= 1)
    precondition(confidence > 0 && confidence < 1 && clusters > 1)
    let ratio =
      StudentT.twoSidedQuantile(confidence, degrees: StudentT.normal)
      / StudentT.twoSidedQuantile(confidence, degrees: clusters - 1)
    let n = Double(trials) / designEffect * ratio * ratio
    let k = n * Double(successes) / Double(trials)
    let tail = (1 - confidence) / 2
    return BinomialInterval(
      low: successes == 0 ? 0 : IncompleteBeta.quantile(tail, k, n - k + 1),
      high: successes == trials ? 1 : IncompleteBeta.quantile(1 - tail, k + 1, n - k))
  }
}

/// Student's t.
enum StudentT {
  /// From here on t is normal to six digits.
  static let normal = 1_000_000

  /// The t with P(|T| ≤ t) = `confidence`, from P(|T| > t) = I_x(ν/2, 1/2) with x = ν / (ν + t²)
  /// (NIST DLMF 8.17; Abramowitz and Stegun 26.7.1).
  static func twoSidedQuantile(_ confidence: Double, degrees: Int) -> Double {
    let freedom = Double(min(degrees, normal))
    // 1 - x = t² / (ν + t²) keeps its digits where x is next to 1.
    let rest = IncompleteBeta.quantile(confidence, 0.5, freedom / 2)
    return (freedom * rest / (1 - rest)).squareRoot()
  }
}

/// The regularised incomplete beta function I_x(a, b).
public enum IncompleteBeta {
  /// I_x(a, b) for a, b > 0 and x in 0...1, by the continued fraction of DiDonato and Morris
  /// (NIST DLMF 8.17.22) evaluated with Lentz's method.
  public static func value(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges fast below the mean; above it, use the symmetry (DLMF 8.17.4).
    if x > (a + 1) / (a + b + 2) { return 1 - value(1 - x, b, a) }
    let front = exp(
      logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
    return front * fraction(x, a, b) / a
  }

  /// ln I_x(a, b), also where I_x(a, b) is too small for a double; -∞ for x ≤ 0.
  static func logValue(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return -.infinity }
    if x >= 1 || x > (a + 1) / (a + b + 2) { return log(value(x, a, b)) }
    return logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
      + log(fraction(x, a, b) / a)
  }

  /// The x with I_x(a, b) = `share`, by bisection to the last bit.
  static func quantile(_ share: Double, _ a: Double, _ b: Double) -> Double {
    var low = 0.0
    var high = 1.0
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high || high - low < 1e-14 * high { return middle }
      if value(middle, a, b) < share { low = middle } else { high = middle }
    }
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    // Convergence takes about √max(a, b) terms.
    for term in 1...200_000 {
      let m = Double(term)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return result
  }

  /// ln Γ(x) for x > 0: Stirling's series (NIST DLMF 5.11.1) after raising x above 12.
  static func logGamma(_ x: Double) -> Double {
    var x = x
    var shift = 0.0
    while x < 12 {
      shift += log(x)
      x += 1
    }
    let inverse = 1 / (x * x)
    let series =
      (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse * (1.0 / 1680)))) / x
    return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - shift
  }
}
