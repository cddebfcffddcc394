public import Domain
import Glibc
public import LinearAlgebra

/// Gaussian noise on an identity's vector, as Vec2Face makes several pictures of one person.
///
/// Vec2Face's (Wu et al., ICLR 2025) generation script adds N(0, σ²) to every value, with σ = 0.3, 0.5 and
/// 0.7 for 40, 40 and 20 % of the pictures, and scales back to the length before. Its vectors are features
/// of length about 27 in 512 values, so a value is about 1.2. Ours are unit vectors; here σ counts in the
/// root mean square of the values, 1/√d, and the expected cosine is about 1/√(1 + σ²): 0.96, 0.89 and 0.82.
/// The floor, the redraws and the step back to the floor are ours too.
public struct IdentityNoise: Sendable {
  /// σ with the share of draws that take it.
  public struct Level: Equatable, Sendable {
    public var sigma: Double
    public var share: Double

    public init(sigma: Double, share: Double) {
      self.sigma = sigma
      self.share = share
    }
  }

  /// Vec2Face's levels.
  public static let levels = [
    Level(sigma: 0.3, share: 0.4), Level(sigma: 0.5, share: 0.4), Level(sigma: 0.7, share: 0.2),
  ]
  /// Draws before the last one is moved back along its arc to the floor.
  public static let mostDraws = 16

  private let prototype: [Double]
  private let levels: [Level]
  private let floor: CosineSimilarity

  /// - Parameter levels: shares sum to 1; the last takes what is missing.
  /// - Throws: `AnalysisError.degenerate` for a prototype that is zero or not finite.
  public init(
    prototype: some Collection<Float>, floor: CosineSimilarity, levels: [Level] = Self.levels
  ) throws {
    guard let unit = IdentityArc.unit(prototype.map(Double.init)) else {
      throw AnalysisError(
        code: .degenerate, message: "a prototype is zero or not finite",
        hint: "leave out identities whose vectors cancel out")
    }
    self.prototype = unit
    self.levels = levels
    self.floor = floor
  }

  /// The draw of one stream: σ from position 0, then d numbers per draw; never below the floor.
  public func draw(_ random: CounterRandom) -> VariedVector {
    let scale = sigma(random.uniform(at: 0)) / Double(prototype.count).squareRoot()
    let limit = SimilarityFloor.largestAngle(keeping: floor)
    var noisy = prototype
    for attempt in 0..<Self.mostDraws {
      let noise = random.gaussians(
        count: prototype.count, from: UInt64(1 + attempt * prototype.count))
      guard
        let moved = IdentityArc.unit(zip(prototype, noise).map { $0 + scale * Double($1) })
      else { continue }
      noisy = moved
      let angle = Slerp.angle(prototype, noisy)
      if angle <= limit { return VariedVector(vector: noisy.map(Float.init), angle: angle) }
    }
    guard let across = IdentityArc.tangent(at: prototype, towards: noisy) else {
      return VariedVector(vector: prototype.map(Float.init), angle: 0)
    }
    return VariedVector(
      vector: zip(prototype, across).map { Float(cos(limit) * $0 + sin(limit) * $1) },
      angle: limit)
  }

  private func sigma(_ share: Double) -> Double {
    var sum = 0.0
    for level in levels {
      sum += level.share
      if share < sum { return level.sigma }
    }
    return levels.last?.sigma ?? 0
  }
}
