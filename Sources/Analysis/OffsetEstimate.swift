/// Δ with what is known about its reliability.
public struct OffsetEstimate: Equatable, Codable, Sendable {
  /// One side of Δ.
  public struct Side: Equatable, Codable, Sendable {
    /// Rows used; rows of zeros are left out.
    public var images: Int
    /// Groups: identities, and images without one.
    public var identities: Int
    /// Root mean square distance of the groups' means from the side's mean.
    public var spread: Double
  }

  /// Mean over identities of the mean over their images, `to` minus `from`.
  public var vector: [Float]
  /// ‖Δ‖. Sampling noise adds to it: the expected square is the true square plus the noise's.
  public var norm: Double
  /// √max(0, ‖Δ‖² - noise), the noise's square taken from the bootstrap.
  public var normWithoutNoise: Double
  /// 95 % bootstrap interval of the true norm.
  public var normLow: Double
  public var normHigh: Double
  /// Mean cosine of Δ from one half of the identities with Δ from the other half.
  public var splitHalfCosine: Double
  /// The chance of a norm this large if both sides were one population.
  public var permutationP: Double
  /// How well the axis tells the sides apart: area under the curve of the images' projections, each
  /// image scored on an axis fitted without its identity.
  public var areaUnderCurve: Double
  public var from: Side
  public var to: Side
}
