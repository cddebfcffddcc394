public import Domain
import Glibc

/// The arc from an identity's prototype p towards one of its pictures e, as far as a floor allows.
///
/// With ω the angle between p and e, v(t) = [sin((1 - t)ω) p + sin(tω) e] / sin ω (`Slerp`) lies at
/// cos(v(t), p) = cos(tω). The angle θ = tω is at most min(ω, arccos(floor)), so every point keeps the
/// floor. Here the arc is written from its start: v = cos θ p + sin θ u with the unit tangent u.
///
/// Digi2Real (George and Marcel, WACV workshops 2025) interpolates between prototype and sample;
/// the cap by a floor and the borrowed arcs are ours.
public struct IdentityArc: Sendable {
  private let prototype: [Double]
  private let tangent: [Double]
  /// ω: the angle between prototype and picture, in radians.
  public let angle: Double
  /// The largest angle to the prototype on this arc, in radians.
  public let reach: Double

  /// Nil where no arc is determined: a vector is zero or not finite, the two are closer than
  /// `Slerp.smallestAngle` or nearly opposite, or their widths differ.
  public init?(
    from prototype: some Collection<Float>, to picture: some Collection<Float>,
    floor: CosineSimilarity
  ) {
    guard prototype.count == picture.count, let start = Self.unit(prototype.map(Double.init)),
      let end = Self.unit(picture.map(Double.init))
    else { return nil }
    let angle = Slerp.angle(start, end)
    guard angle >= Slerp.smallestAngle, angle <= Double.pi - Slerp.antipodalMargin,
      let tangent = Self.tangent(at: start, towards: end)
    else { return nil }
    self.init(start, tangent, angle: angle, floor: floor)
  }

  private init(
    _ prototype: [Double], _ tangent: [Double], angle: Double, floor: CosineSimilarity
  ) {
    self.prototype = prototype
    self.tangent = tangent
    self.angle = angle
    reach = min(angle, SimilarityFloor.largestAngle(keeping: floor))
  }

  /// The same departure from another identity's prototype q: the tangent carried along the great
  /// circle from p to q (parallel transport), x - ⟨x, p + q⟩ / (1 + ⟨p, q⟩) · (p + q).
  ///
  /// For identities without pictures of their own. Nil where q has no direction, another width, or is
  /// nearly opposite to p.
  public func borrowed(
    by other: some Collection<Float>, floor: CosineSimilarity
  ) -> IdentityArc? {
    guard other.count == prototype.count, let target = Self.unit(other.map(Double.init)) else {
      return nil
    }
    let cosine = Self.dot(prototype, target)
    guard 1 + cosine > Slerp.antipodalMargin else { return nil }
    let share = Self.dot(tangent, target) / (1 + cosine)
    let carried = tangent.indices.map {
      tangent[$0] - share * (prototype[$0] + target[$0])
    }
    guard let exact = Self.tangent(at: target, towards: carried) else { return nil }
    return IdentityArc(target, exact, angle: angle, floor: floor)
  }

  /// The point a share of the way to `reach`; 0 is the prototype.
  /// - Precondition: `share` is in 0...1.
  public func point(at share: Double) -> VariedVector {
    precondition((0...1).contains(share))
    let angle = share * reach
    let (along, across) = (cos(angle), sin(angle))
    return VariedVector(
      vector: zip(prototype, tangent).map { Float(along * $0 + across * $1) }, angle: angle)
  }

  /// The slerp parameter t = θ / ω of the point a share of the way to `reach`.
  public func parameter(at share: Double) -> Double { share * reach / angle }

  /// The part of `vector` across `direction`, at length 1; nil where there is none.
  static func tangent(at direction: [Double], towards vector: [Double]) -> [Double]? {
    let along = dot(direction, vector)
    guard let first = unit(zip(vector, direction).map { $0 - along * $1 }) else { return nil }
    // Once more, against what cancellation left along the direction.
    let rest = dot(direction, first)
    return unit(zip(first, direction).map { $0 - rest * $1 })
  }

  static func unit(_ vector: [Double]) -> [Double]? {
    let length = dot(vector, vector).squareRoot()
    guard length > 0, length.isFinite else { return nil }
    return vector.map { $0 / length }
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
