/// What a calibration measured, for one space and one cohort.
public struct CalibrationReport: Hashable, Codable, Sendable {
  /// A cosine and the rates that go with it.
  public struct Point: Hashable, Codable, Sendable {
    public var falseMatchRate: Double
    public var similarity: Double
    /// 95 % interval of the similarity.
    public var low: Double
    public var high: Double
    /// `measured`, `rule-of-three` or `extrapolated`.
    public var method: String
    /// Impostor pairs at or above; nil where none can be seen.
    public var matches: Int?
    /// 95 % interval of the false-match rate at the similarity.
    public var rateLow: Double?
    public var rateHigh: Double?
    public var designEffect: Double
    /// Genuine pairs below, and their share; nil without genuine pairs.
    public var missed: Int
    public var falseNonMatchRate: Double?

    public var isExtrapolated: Bool { method == "extrapolated" }

    public init(falseMatchRate: Double, similarity: Double, low: Double, high: Double) {
      self.falseMatchRate = falseMatchRate
      self.similarity = similarity
      self.low = low
      self.high = high
      method = "measured"
      matches = nil
      rateLow = nil
      rateHigh = nil
      designEffect = 1
      missed = 0
      falseNonMatchRate = nil
    }
  }

  /// Both error rates at one similarity.
  public struct Trade: Hashable, Codable, Sendable {
    public var similarity: Double
    public var falseMatchRate: Double
    public var falseNonMatchRate: Double

    public init(similarity: Double, falseMatchRate: Double, falseNonMatchRate: Double) {
      self.similarity = similarity
      self.falseMatchRate = falseMatchRate
      self.falseNonMatchRate = falseNonMatchRate
    }
  }

  public var space: String
  /// The population the pairs are of.
  public var cohort: String
  /// The encoder's name and the digest that fixes it.
  public var encoder: String
  public var encoderDigest: String
  public var identities: Int
  public var images: Int
  public var impostorPairs: Int
  public var genuinePairs: Int
  /// How the intervals were made, in a sentence.
  public var interval: String
  public var equalErrorRate: Double?
  public var equalErrorSimilarity: Double?
  public var points: [Point]
  /// By rising similarity.
  public var curve: [Trade]
  public var histogram: Histogram?
  /// How the extrapolated points were found, in a sentence; nil where there are none.
  public var extrapolation: String?
  public var groups: CalibrationGroups?

  /// A calibration with no numbers yet; set what there is.
  public init(space: String, cohort: String, encoder: String, encoderDigest: String) {
    self.space = space
    self.cohort = cohort
    self.encoder = encoder
    self.encoderDigest = encoderDigest
    identities = 0
    images = 0
    impostorPairs = 0
    genuinePairs = 0
    interval = ""
    points = []
    curve = []
  }
}

/// Groups of people within a cohort, held against one similarity.
public struct CalibrationGroups: Hashable, Codable, Sendable {
  /// One group.
  public struct Row: Hashable, Codable, Sendable {
    public var name: String
    public var identities: Int
    public var impostorPairs: Int
    public var falseMatchRate: Double?
    public var rateLow: Double?
    public var rateHigh: Double?
    public var falseNonMatchRate: Double?
    /// The group's own similarity at the rate, where it supports one.
    public var similarity: Double?

    public init(name: String, identities: Int, impostorPairs: Int) {
      self.name = name
      self.identities = identities
      self.impostorPairs = impostorPairs
    }
  }

  public var similarity: Double
  /// The whole cohort's rate at `similarity`.
  public var falseMatchRate: Double
  public var rows: [Row]
  /// Pairs of groups that differ beyond chance, as sentences.
  public var differences: [String]

  public init(
    similarity: Double, falseMatchRate: Double, rows: [Row], differences: [String]
  ) {
    self.similarity = similarity
    self.falseMatchRate = falseMatchRate
    self.rows = rows
    self.differences = differences
  }
}
