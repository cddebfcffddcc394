/// How the vectors that vary one identity are drawn.
public enum Variation: String, CaseIterable, Sendable {
  /// Along the arc from the prototype towards a single picture (`IdentityArc`).
  case slerp
  /// Von Mises–Fisher draws around the prototype (`VonMisesFisher`).
  case vmf
  /// Gaussian noise on the prototype, after Vec2Face (`IdentityNoise`).
  case noise
}

/// One varied identity vector.
public struct VariedVector: Equatable, Sendable {
  /// Unit length.
  public var vector: [Float]
  /// The angle to the prototype, in radians.
  public var angle: Double
}
