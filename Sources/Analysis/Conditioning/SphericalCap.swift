import Glibc

/// The share of a sphere that lies within an angle of a point.
public enum SphericalCap {
  /// For unit vectors of `width` values: ½ I_{sin² α}((d - 1)/2, ½) for α ≤ π/2, the rest of the
  /// sphere beyond. Angles outside 0...π count as the nearer end.
  /// Source: Li, *Concise formulas for the area and volume of a hyperspherical cap*, Asian Journal of
  /// Mathematics and Statistics 4, 2011.
  /// - Precondition: `width >= 2`.
  public static func share(angle: Double, width: Int) -> Double {
    exp(logShare(angle: angle, width: width))
  }

  /// The natural logarithm of `share`, also where the share is too small for a double; -∞ for an angle
  /// of 0.
  public static func logShare(angle: Double, width: Int) -> Double {
    precondition(width >= 2)
    guard angle > 0 else { return -.infinity }
    guard angle < Double.pi else { return 0 }
    guard angle <= Double.pi / 2 else {
      return log1p(-exp(logShare(angle: Double.pi - angle, width: width)))
    }
    let sine = sin(angle)
    return IncompleteBeta.logValue(sine * sine, Double(width - 1) / 2, 0.5) - M_LN2
  }
}
