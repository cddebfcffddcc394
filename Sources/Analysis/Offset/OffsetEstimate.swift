/// Δ with what is known about its reliability.
public struct OffsetEstimate: Equatable, Codable, Sendable {
  /// One side of Δ. An image's weight in Δ is 1 / (identities · images of its identity).
  public struct Side: Equatable, Codable, Sendable {
    /// Rows used.
    public var images: Int
    /// Rows of zeros, which take no part; rising.
    public var leftOut: [Int]
    /// Groups: identities, and images without one.
    public var identities: Int
    /// Images of the group with fewest and of the one with most.
    public var fewestImages: Int
    public var mostImages: Int
    /// 1 / Σ weight²: equally weighted images that would count as much.
    public var effectiveImages: Double
    /// Root mean square distance of the groups' means from the side's mean.
    public var spread: Double
  }

  /// Mean over identities of the mean over their images, `to` minus `from`.
  public var vector: [Float]
  /// ‖Δ‖. Sampling noise adds to it: the expected square is the true square plus the noise's.
  public var norm: Double
  /// √max(0, ‖Δ‖² - noise), the noise's square taken from the bootstrap.
  public var normWithoutNoise: Double
  /// 95 % interval of the true norm.
  public var normLow: Double
  public var normHigh: Double
  /// The true direction has at least this cosine with `vector`, with 95 % confidence; -1 where the
  /// noise is as long as Δ and nothing is known.
  public var directionCosine: Double
  /// Mean cosine of Δ from one half of the identities with Δ from the other half.
  public var splitHalfCosine: Double
  /// The chance of a norm this large if both sides were one population.
  public var permutationP: Double
  /// How well the axis tells the sides apart: area under the curve of the images' projections, each
  /// image scored on an axis fitted without its identity.
  public var areaUnderCurve: Double
  /// The same along Δ whitened by the shrunken covariance within the sides (Fisher's discriminant):
  /// what a linear rule can tell at all, where the other says what Δ tells.
  public var areaUnderWhitenedCurve: Double
  /// Weight of the sphere in that covariance, 0...1 (Ledoit and Wolf, 2004), mean of the folds.
  public var shrinkage: Double
  public var from: Side
  public var to: Side
}

extension OffsetEstimate {
  /// Identities on each side with which halves of Δ are expected to agree by the cosine `wanted`;
  /// never fewer than there are. Nil where the halves show no common direction.
  ///
  /// Halves agree by c = 1 / (1 + r), where r is noise² / ‖Δ‖² of one half and falls as 1 / n. The
  /// noise that `wanted` allows is shared between the sides so that their sum is least (Neyman, 1934):
  /// n ∝ spread.
  public func identitiesNeeded(forSplitHalf wanted: Double) -> (from: Int, to: Int)? {
    guard splitHalfCosine > 0, wanted > 0, wanted < 1 else { return nil }
    guard splitHalfCosine < wanted else { return (from.identities, to.identities) }
    let variances = (from: from.spread * from.spread, to: to.spread * to.spread)
    let counts = (from: Double(from.identities), to: Double(to.identities))
    let noise = variances.from / counts.from + variances.to / counts.to
    let allowed = noise * (1 / wanted - 1) / (1 / splitHalfCosine - 1)
    guard allowed > 0, allowed.isFinite else { return nil }
    let both = from.spread + to.spread
    var from = from.spread * both / allowed
    var to = to.spread * both / allowed
    if from < counts.from {
      from = counts.from
      to = variances.to / (allowed - variances.from / counts.from)
    } else if to < counts.to {
      to = counts.to
      from = variances.from / (allowed - variances.to / counts.to)
    }
    guard from < 1e12, to < 1e12 else { return nil }
    return (Int(from.rounded(.up)), Int(to.rounded(.up)))
  }
}
