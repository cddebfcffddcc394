import Glibc

/// Interpolation along great circles.
///
/// v(t) = [sin((1 - t)ω) a + sin(tω) b] / sin ω with ω = arccos⟨a, b⟩, in double, then scaled to
/// length 1. Source: Shoemake, *Animating rotation with quaternion curves*, SIGGRAPH 1985.
public enum Slerp {
  /// Below this angle, in radians, the chord stands for the arc: sin ω loses digits there.
  public static let smallestAngle = 1e-4
  /// Nearer to π than this, in radians, the great circle is not determined.
  public static let antipodalMargin = 1e-3

  /// The unit vector a share `t` of the way from `a` to `b`. The angle to `a` is t·ω, so
  /// cos(tω) is the similarity kept to `a`. `t` may lie outside 0...1 and then goes on along the arc.
  /// - Parameters a, b: directions of equal width; lengths do not matter.
  /// - Throws: `AnalysisError.antipodal` within 10⁻³ rad of opposite, `.degenerate` for a vector that
  ///   is zero or not finite, `.mismatch` for different widths.
  public static func between(_ a: [Float], _ b: [Float], _ t: Double) throws -> [Float] {
    let from = try direction(of: a).unit
    let to = try direction(of: b).unit
    return try between(from, to, t).map(Float.init)
  }

  /// Latents of N(0, 1) between `z0` and `z1`: slerp of the directions, times the interpolated
  /// length (1 - t)‖z0‖ + t‖z1‖, so that they stay on the shell where a generator was trained.
  /// - Throws: as `between`.
  public static func latents(_ z0: [Float], _ z1: [Float], _ t: Double) throws -> [Float] {
    let from = try direction(of: z0)
    let to = try direction(of: z1)
    let length = (1 - t) * from.length + t * to.length
    return try between(from.unit, to.unit, t).map { Float($0 * length) }
  }

  /// The angle between two directions, in 0...π, from both half-angle chords:
  /// 2 atan2(‖a - b‖, ‖a + b‖), accurate at both ends (Kahan).
  static func angle(_ a: [Double], _ b: [Double]) -> Double {
    var difference = 0.0
    var sum = 0.0
    for (x, y) in zip(a, b) {
      difference += (x - y) * (x - y)
      sum += (x + y) * (x + y)
    }
    return 2 * atan2(difference.squareRoot(), sum.squareRoot())
  }

  private static func between(_ a: [Double], _ b: [Double], _ t: Double) throws -> [Double] {
    guard a.count == b.count else {
      throw AnalysisError(
        code: .mismatch, message: "slerp between vectors of widths \(a.count) and \(b.count)")
    }
    let angle = angle(a, b)
    guard angle < Double.pi - antipodalMargin else {
      throw AnalysisError(
        code: .antipodal, message: "slerp between opposite vectors (angle \(angle) rad)",
        hint: "check that both vectors belong to one identity and one space")
    }
    let isChord = angle < smallestAngle
    let first = isChord ? 1 - t : sin((1 - t) * angle)
    let second = isChord ? t : sin(t * angle)
    let mixed = zip(a, b).map { first * $0 + second * $1 }
    let length = mixed.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return mixed.map { $0 / length }
  }

  private static func direction(of vector: [Float]) throws -> (unit: [Double], length: Double) {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0, length.isFinite else {
      throw AnalysisError(
        code: .degenerate, message: "slerp from or to a vector of length \(length)",
        hint: "leave out vectors that are zero or not finite")
    }
    return (vector.map { Double($0) / length }, length)
  }
}
