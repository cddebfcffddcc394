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
  /// The same along Δ whitened by the covariance within the populations.
  public var whitenedSeparability: Double?
  /// Identities on either side.
  public var fromIdentities: Int?
  public var toIdentities: Int?
  /// The true direction lies within so many degrees of Δ, with 95 % confidence; 180 is unknown.
  public var directionDegrees: Double?
  /// How far a generated population has gone along Δ, where there is one.
  public var gap: Gap?
  /// Images by rising projection on Δ; those at the ends may have pictures, never of real people.
  public var images: [Projected] = []
  /// How far images scatter along Δ, by population.
  public var spreads: [Spread] = []
  /// Length of Δ at each position of the prompt, in conditioning space; else empty.
  public var tokenNorms: [Double] = []
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

extension DeltaSection {
  /// What a generated population has closed of Δ, all in lengths of Δ.
  public struct Gap: Hashable, Codable, Sendable {
    public var along: Double
    public var alongLow: Double
    public var alongHigh: Double
    public var across: Double
    public var remaining: Double
    public var overshoots: Bool

    public init(
      along: Double, alongLow: Double, alongHigh: Double, across: Double, remaining: Double,
      overshoots: Bool
    ) {
      self.along = along
      self.alongLow = alongLow
      self.alongHigh = alongHigh
      self.across = across
      self.remaining = remaining
      self.overshoots = overshoots
    }
  }

  /// One image and where it lies on Δ.
  public struct Projected: Hashable, Codable, Sendable {
    public var image: ImageReference
    /// Its id in the catalog.
    public var record: Int64
    public var score: Double

    public init(image: ImageReference, record: Int64, score: Double) {
      self.image = image
      self.record = record
      self.score = score
    }
  }

  /// Scatter along Δ: standard deviations of identities' means and of images around them.
  public struct Spread: Hashable, Codable, Sendable {
    public var population: Population
    public var images: Int
    public var identities: Int
    public var mean: Double
    public var between: Double
    /// Nil where no identity has two images.
    public var within: Double?

    public init(
      population: Population, images: Int, identities: Int, mean: Double, between: Double,
      within: Double?
    ) {
      self.population = population
      self.images = images
      self.identities = identities
      self.mean = mean
      self.between = between
      self.within = within
    }
  }
}
