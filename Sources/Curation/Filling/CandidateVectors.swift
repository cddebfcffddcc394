package import Analysis
package import Domain
import LinearAlgebra

/// Decides which vector a candidate is asked with: a function of its identity and its seed alone.
package struct CandidateVectors: Sendable {
  /// A drawn vector with what the attempt keeps of it.
  package struct Drawn: Equatable, Sendable {
    package var vector: [Float]
    /// The slerp parameter t; for `vmf` and `noise` the angle to the prototype as a share of π/2.
    package var interpolation: Double
  }

  private enum Law: Sendable {
    case latents(ClosedRange<Double>)
    case identities(IdentityCrowd, Variation, floor: CosineSimilarity)
  }

  private let law: Law

  /// Latents: slerp from the line's own towards another one, the parameter drawn evenly from a range.
  package static func latents(_ interpolation: ClosedRange<Double>) -> CandidateVectors {
    CandidateVectors(law: .latents(interpolation))
  }

  /// Identity vectors around the line's prototype, never below a cosine to it.
  package static func identities(
    _ crowd: IdentityCrowd, _ variation: Variation, floor: CosineSimilarity
  ) -> CandidateVectors {
    CandidateVectors(law: .identities(crowd, variation, floor: floor))
  }

  /// The prototype an identity's vectors are drawn around; nil for latents, and where it has none.
  package func centre(of identity: Int64) -> [Float]? {
    guard case .identities(let crowd, _, _) = law else { return nil }
    return crowd.prototype(of: identity)
  }

  /// Why an identity's vectors cannot be drawn, for people; nil where they can.
  package func obstacle(to identity: Int64) -> String? {
    guard case .identities(let crowd, let variation, _) = law else { return nil }
    guard crowd.prototype(of: identity) != nil else {
      return "no image left to form a prototype from"
    }
    switch variation {
    case .noise: return nil
    case .slerp:
      return crowd.hasArcs
        ? nil : "no identity has two pictures to vary towards; --variation noise needs none"
    case .vmf:
      return crowd.concentration(of: identity) != nil
        ? nil : "no identity has two pictures to tell a spread from; --variation noise needs none"
    }
  }

  /// The vector for the candidate of this seed.
  /// - Parameter place: where in a range a share of 0...1 lies; spreads candidates over parts of an arc.
  /// - Throws: `AnalysisError` for a centre without direction; never for one whose `obstacle` is nil.
  package func draw(
    identity: Int64, centre: [Float], seed: UInt64,
    place: (ClosedRange<Double>, Double) -> Double = {
      $0.lowerBound + ($0.upperBound - $0.lowerBound) * $1
    }
  ) throws -> Drawn {
    let random = CounterRandom(seed: seed)
    switch law {
    case .latents(let interpolation):
      let t = place(interpolation, random.uniform(at: 0))
      let other = random.gaussians(count: centre.count, from: 1)
      return Drawn(vector: try Slerp.latents(centre, other, t), interpolation: t)
    case .identities(let crowd, .slerp, let floor):
      return onArc(
        crowd, identity, centre, floor: floor, random,
        share: place(0...1, 1 - random.uniform(at: 0)))
    case .identities(let crowd, .vmf, let floor):
      let law = try VonMisesFisher(
        mean: centre, concentration: crowd.concentration(of: identity) ?? 0, floor: floor)
      return Drawn(law.draw(random))
    case .identities(_, .noise, let floor):
      return Drawn(try IdentityNoise(prototype: centre, floor: floor).draw(random))
    }
  }

  /// Angles are even on 0 (left out) ... reach. Which arc is drawn from stream 1, how far from stream 0.
  private func onArc(
    _ crowd: IdentityCrowd, _ identity: Int64, _ centre: [Float], floor: CosineSimilarity,
    _ random: CounterRandom, share: Double
  ) -> Drawn {
    let choice = CounterRandom(seed: random.seed, stream: 1)
    guard let arc = crowd.arc(of: identity, from: centre, floor: floor, choice) else {
      return Drawn(vector: centre, interpolation: 0)
    }
    return Drawn(
      vector: arc.point(at: share).vector, interpolation: arc.parameter(at: share))
  }
}

extension CandidateVectors.Drawn {
  fileprivate init(_ varied: VariedVector) {
    self.init(vector: varied.vector, interpolation: varied.angle / (Double.pi / 2))
  }
}
