import Glibc
import LinearAlgebra

/// Draws acceptance rates for a simulation.
public struct RateDraw: Equatable, Sendable {
  /// How rates differ between identities that can be filled.
  public var belief: AcceptanceBelief
  /// The share of identities of which no candidate is ever accepted.
  public var impossible: Double

  public init(_ belief: AcceptanceBelief, impossible: Double = 0) {
    self.belief = belief
    self.impossible = impossible
  }

  /// The rate number `index` of a seed; the same whatever else is drawn.
  public func rate(_ index: Int, seed: UInt64) -> Double {
    let random = CounterRandom(seed: seed, stream: UInt64(index))
    if random.uniform(at: 0) < impossible { return 0 }
    return Self.beta(belief, random)
  }

  /// A draw of the belief, X / (X + Y) of two gamma draws, from positions 1 on of the stream.
  static func beta(_ belief: AcceptanceBelief, _ random: CounterRandom) -> Double {
    var position: UInt64 = 1
    let x = gamma(belief.alpha, random, &position)
    let y = gamma(belief.beta, random, &position)
    // Both vanish only for shapes near 0, where the rate is 0 or 1.
    guard x + y > 0 else { return random.uniform(at: position) < belief.mean ? 1 : 0 }
    return x / (x + y)
  }

  /// Gamma(shape, 1) by rejection (Marsaglia and Tsang, *A simple method for generating gamma
  /// variables*, ACM TOMS 26, 2000); shapes below 1 by Γ(a) = Γ(a + 1) U^(1/a).
  private static func gamma(
    _ shape: Double, _ random: CounterRandom, _ position: inout UInt64
  ) -> Double {
    func uniform() -> Double {
      defer { position += 1 }
      return 1 - random.uniform(at: position)
    }
    if shape < 1 {
      let boost = pow(uniform(), 1 / shape)
      return gamma(shape + 1, random, &position) * boost
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = Double(random.gaussian(at: position))
      position += 1
      let v = 1 + c * x
      guard v > 0 else { continue }
      let cube = v * v * v
      if log(uniform()) < x * x / 2 + d - d * cube + d * log(cube) { return d * cube }
    }
  }
}
