public import Domain

/// Everything the rules look at, as plain values: whoever stores the dataset fills it in.
/// Counts mean images in force, without quarantined and replaced ones, unless they say otherwise.
public struct DatasetSummary: Equatable, Codable, Sendable {
  public var populations: [PopulationSummary] = []
  /// The identities of the dataset itself (digital and generated, not reference galleries), in the
  /// order findings are to appear.
  public var identities: [IdentitySummary] = []
  /// One per pair of space name and encoder digest with embeddings in force.
  public var spaces: [SpaceSummary] = []
  /// Proposed by the step in force, with neither image quarantined.
  public var unresolvedDuplicates: [UnresolvedPair] = []
  public var unresolvedLeaks: [UnresolvedPair] = []
  /// Nil when Δ was not estimated.
  public var offset: OffsetSummary?
  /// Nil when identities were not compared with one another.
  public var collisions: CollisionSummary?
  public var calibrations: [CalibrationSummary] = []
  /// One per generated image in force.
  public var generated: [GateRecord] = []
  public var quarantined: [QuarantineSummary] = []
  public var limits = AuditLimits()

  public init() {}
}

/// One population.
public struct PopulationSummary: Equatable, Codable, Sendable {
  public var population: Population
  public var images: Int
  public var identities: Int
  /// Files met when indexing, and those that gave no image.
  public var files: Int
  public var rejectedFiles: Int
  /// Pictures whose sharpness was measured, and those of them below the floor.
  public var measuredSharpness = 0
  public var blurred = 0

  public init(
    _ population: Population, images: Int, identities: Int = 0, files: Int? = nil,
    rejectedFiles: Int = 0
  ) {
    self.population = population
    self.images = images
    self.identities = identities
    self.files = files ?? images + rejectedFiles
    self.rejectedFiles = rejectedFiles
  }
}

/// One identity.
public struct IdentitySummary: Equatable, Codable, Sendable {
  public var name: String
  public var images: Int
  /// Images wanted; nil when it has no quota.
  public var wanted: Int?
  /// The resultant length R of its unit vectors; nil when it was not measured.
  public var concentration: Double?
  /// Images whose similarity to the own prototype is below the calibrated threshold.
  public var farImages = 0
  /// The identity whose prototype is nearest, and how near.
  public var nearestOther: Neighbour?

  /// Another identity and how near it is.
  public struct Neighbour: Equatable, Codable, Sendable {
    public var name: String
    public var similarity: Float

    public init(name: String, similarity: Float) {
      self.name = name
      self.similarity = similarity
    }
  }

  public init(
    name: String, images: Int, wanted: Int? = nil, concentration: Double? = nil
  ) {
    self.name = name
    self.images = images
    self.wanted = wanted
    self.concentration = concentration
  }
}

/// One space as filled by one encoder.
public struct SpaceSummary: Equatable, Codable, Sendable {
  public var name: String
  public var encoderDigest: String
  /// Images in force that have a vector, and that should have one.
  public var embedded: Int
  public var expected: Int

  public init(name: String, encoderDigest: String, embedded: Int, expected: Int) {
    self.name = name
    self.encoderDigest = encoderDigest
    self.embedded = embedded
    self.expected = expected
  }
}

/// Two images found too close that are both still there.
public struct UnresolvedPair: Equatable, Codable, Sendable {
  /// The keeper, or the reference image.
  public var kept: String
  /// The image that should go.
  public var removed: String
  public var similarity: Float?

  public init(kept: String, removed: String, similarity: Float? = nil) {
    self.kept = kept
    self.removed = removed
    self.similarity = similarity
  }
}

/// The Δ in force.
public struct OffsetSummary: Equatable, Codable, Sendable {
  public var space: String
  public var norm: Double
  public var splitHalfCosine: Double
  public var permutationP: Double

  public init(space: String, norm: Double, splitHalfCosine: Double, permutationP: Double) {
    self.space = space
    self.norm = norm
    self.splitHalfCosine = splitHalfCosine
    self.permutationP = permutationP
  }
}

/// One calibrated threshold.
public struct CalibrationSummary: Equatable, Codable, Sendable {
  public var space: String
  public var encoderDigest: String
  public var falseMatchRate: Double
  public var similarity: Float
  public var comparisons: Int

  public init(
    space: String, encoderDigest: String, falseMatchRate: Double, similarity: Float,
    comparisons: Int
  ) {
    self.space = space
    self.encoderDigest = encoderDigest
    self.falseMatchRate = falseMatchRate
    self.similarity = similarity
    self.comparisons = comparisons
  }
}

/// What the gate measured of one generated image.
public struct GateRecord: Equatable, Codable, Sendable {
  public var image: String
  public var identity: String
  /// Nil when the image has no accepted attempt on record.
  public var own: Float?
  public var nearestOther: Float?
  public var leak: Float?

  public init(
    image: String, identity: String, own: Float?, nearestOther: Float? = nil, leak: Float? = nil
  ) {
    self.image = image
    self.identity = identity
    self.own = own
    self.nearestOther = nearestOther
    self.leak = leak
  }
}

/// How many images were put aside for one reason.
public struct QuarantineSummary: Equatable, Codable, Sendable {
  public var rule: String
  public var images: Int

  public init(rule: String, images: Int) {
    self.rule = rule
    self.images = images
  }
}

/// What a search for identity collisions found, as far as both identities are still there.
public struct CollisionSummary: Equatable, Codable, Sendable {
  /// Names of two identities.
  public var pairs: [[String]]
  /// True where no more were found than chance gives at the false-match rate; nil where chance is not
  /// known.
  public var isWithinChance: Bool?

  public init(pairs: [[String]], isWithinChance: Bool?) {
    self.pairs = pairs
    self.isWithinChance = isWithinChance
  }
}
