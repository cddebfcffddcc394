public import Domain
import Glibc
public import LinearAlgebra

/// The von Mises–Fisher distribution on unit vectors of d values: density ∝ exp(κ⟨μ, x⟩).
///
/// A draw is cos θ μ + sin θ u with u even among the directions across μ and θ from the law
/// ∝ sinᵈ⁻² θ exp(κ cos θ), independent of u (Ulrich, Applied Statistics 33, 1984; Wood, Communications
/// in Statistics 23, 1994). They find θ by rejection; here it is the inverse of the tabulated
/// distribution function, which takes one random number per draw and can be cut at a floor exactly.
public struct VonMisesFisher: Sendable {
  private let mean: [Double]
  private let angles: PolarAngle

  /// - Parameters:
  ///   - mean: a direction of at least two values; its length does not matter.
  ///   - concentration: κ ≥ 0; 0 is even on the sphere (or on the cap above the floor).
  ///   - floor: draws below this cosine to the mean are cut off; -1 cuts nothing.
  /// - Throws: `AnalysisError.degenerate` for a mean that is zero or not finite, `.outOfRange` for a κ
  ///   that is negative or not finite, or fewer than two values.
  public init(
    mean: some Collection<Float>, concentration: Double,
    floor: CosineSimilarity = CosineSimilarity(-1)
  ) throws {
    guard let unit = IdentityArc.unit(mean.map(Double.init)) else {
      throw AnalysisError(
        code: .degenerate, message: "a mean direction is zero or not finite",
        hint: "leave out identities whose vectors cancel out")
    }
    guard concentration >= 0, concentration.isFinite, unit.count >= 2 else {
      throw AnalysisError(
        code: .outOfRange,
        message:
          "no von Mises-Fisher law of \(unit.count) values has concentration \(concentration)")
    }
    self.mean = unit
    angles = PolarAngle(
      concentration: concentration, width: unit.count,
      limit: SimilarityFloor.largestAngle(keeping: floor))
  }

  /// The draw of one stream: the angle from position 0, the direction across from 1 ... d.
  public func draw(_ random: CounterRandom) -> VariedVector {
    let angle = angles.quantile(random.uniform(at: 0))
    let noise = random.gaussians(count: mean.count, from: 1).map(Double.init)
    guard let across = IdentityArc.tangent(at: mean, towards: noise) else {
      return VariedVector(vector: mean.map(Float.init), angle: 0)
    }
    let (first, second) = (cos(angle), sin(angle))
    return VariedVector(
      vector: zip(mean, across).map { Float(first * $0 + second * $1) }, angle: angle)
  }
}

extension VonMisesFisher {
  /// The κ whose mean resultant length is about R: R(d - R²) / (1 - R²), within a few parts in a
  /// thousand. Nil for R outside 0 ..< 1.
  /// Source: Banerjee, Dhillon, Ghosh and Sra, *Clustering on the unit hypersphere using von
  /// Mises–Fisher distributions*, JMLR 6, 2005, equation 4.4.
  public static func concentration(resultant: Double, width: Int) -> Double? {
    guard resultant >= 0, resultant < 1 else { return nil }
    let squared = resultant * resultant
    return resultant * (Double(width) - squared) / (1 - squared)
  }

  /// A_d(κ) = I_{d/2}(κ) / I_{d/2 - 1}(κ), the expected cosine to the mean, by Gauss's continued
  /// fraction 1 / (d/κ + 1 / ((d + 2)/κ + …)) (NIST DLMF 10.33.1), from far inside outwards.
  public static func expectedCosine(concentration: Double, width: Int) -> Double {
    guard concentration > 0 else { return 0 }
    let terms = 4096
    func step(_ term: Int) -> Double { Double(width + 2 * term) / concentration }
    // The root of r = 1 / (a + r) is close to the rest of the fraction.
    let last = step(terms)
    var ratio = 2 / (last + (last * last + 4).squareRoot())
    for term in stride(from: terms - 1, through: 0, by: -1) { ratio = 1 / (step(term) + ratio) }
    return ratio
  }

  /// R freed of what few vectors add to it: E[R²] = ρ² + (1 - ρ²) / n, so ρ² = (nR² - 1) / (n - 1),
  /// at least 0. Nil for fewer than two vectors, whose spread is not known.
  public static func unbiased(resultant: Double, count: Int) -> Double? {
    guard count >= 2 else { return nil }
    let n = Double(count)
    return max(0, (n * resultant * resultant - 1) / (n - 1)).squareRoot()
  }
}

extension Prototype {
  /// κ of the von Mises–Fisher law its vectors are a sample of, from the resultant length freed of
  /// the bias of few vectors. Nil for fewer than two vectors or vectors that agree exactly.
  public var vonMisesFisherConcentration: Double? {
    VonMisesFisher.unbiased(resultant: concentration, count: count).flatMap {
      VonMisesFisher.concentration(resultant: $0, width: direction.count)
    }
  }
}
