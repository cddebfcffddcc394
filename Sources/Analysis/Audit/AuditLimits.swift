/// Where the rules draw their lines. Similarities are cosines in the identity space.
public struct AuditLimits: Equatable, Codable, Sendable {
  /// Two prototypes at or above this are one identity twice; nil when none was calibrated.
  public var collisionSimilarity: Float?
  /// A generated picture at or above this to a reference is a leak; nil when none was calibrated.
  public var leakSimilarity: Float?
  /// Least concentration of an identity.
  public var leastConcentration = 0.5
  /// Least split-half cosine of Δ.
  public var leastSplitHalfCosine = 0.99
  /// Largest p-value of Δ.
  public var largestPermutationP = 0.01
  /// Shares of rejected files, and of blurred pictures, that warn and fail.
  public var warningShare = 0.01
  public var failureShare = 0.1
  /// The false-match rate a calibration must reach.
  public var falseMatchRate = 1e-3
  /// Most images of one identity, in multiples of the median.
  public var largestImbalance = 2.0

  public init() {}
}
