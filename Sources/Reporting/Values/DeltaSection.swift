public import Domain

/// Δ between two populations in one space, with the numbers that say how far to trust it.
public struct DeltaSection: Hashable, Codable, Sendable {
  public var space: String
  public var from: Population
  public var to: Population
  /// Images on either side.
  public var fromCount: Int
  public var toCount: Int
  /// Length of Δ, in the units of the space (unit vectors: 0...2).
  public var norm: Double
  /// 95 % bootstrap interval of the norm, where it was computed.
  public var normLow: Double?
  public var normHigh: Double?
  /// Cosine between the Δ of two halves of the images; near 1 where Δ is stable.
  public var splitHalfCosine: Double?
  /// Permutation p: how often shuffled populations give a Δ at least this long.
  public var permutationP: Double?
  /// Permutations behind `permutationP`; p is never shown smaller than they can resolve.
  public var permutations: Int?
  /// Area under the ROC curve of the projections on Δ: 0.5 not separable, 1 fully separable.
  public var separability: Double?
  /// Projections of the images on Δ, one series per population.
  public var projections: Histogram?
  /// Remarks for the reader, a sentence each.
  public var notes: [String]

  public init(
    space: String, from: Population, to: Population, fromCount: Int, toCount: Int, norm: Double,
    normLow: Double? = nil, normHigh: Double? = nil, splitHalfCosine: Double? = nil,
    permutationP: Double? = nil, permutations: Int? = nil, separability: Double? = nil,
    projections: Histogram? = nil, notes: [String] = []
  ) {
    self.space = space
    self.from = from
    self.to = to
    self.fromCount = fromCount
    self.toCount = toCount
    self.norm = norm
    self.normLow = normLow
    self.normHigh = normHigh
    self.splitHalfCosine = splitHalfCosine
    self.permutationP = permutationP
    self.permutations = permutations
    self.separability = separability
    self.projections = projections
    self.notes = notes
  }
}
