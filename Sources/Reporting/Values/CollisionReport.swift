public import Domain

/// Identities of the set that look like the same person, held against chance.
public struct CollisionReport: Hashable, Codable, Sendable {
  /// What was counted, and how many of them chance alone gives.
  public struct Budget: Hashable, Codable, Sendable {
    /// `image pairs`, `prototype pairs`.
    public var name: String
    public var found: Int
    public var comparisons: Int
    /// Nil for a threshold without a known false-match rate.
    public var expected: Double?
    /// The usual range: 95 % of what chance gives.
    public var usual: ClosedRange<Int>?
    public var threshold: CosineSimilarity?
    public var falseMatchRate: Double?

    public init(name: String, found: Int, comparisons: Int) {
      self.name = name
      self.found = found
      self.comparisons = comparisons
    }
  }

  /// Two identities that collide.
  public struct Pair: Hashable, Codable, Sendable {
    public var a: String
    public var b: String
    public var imagePairs: Int
    /// Of the most similar images; nil where only the prototypes collide.
    public var similarity: CosineSimilarity?
    public var prototypeSimilarity: CosineSimilarity?
    /// `images`, `prototypes` or `both`.
    public var decidedBy: String

    public init(a: String, b: String, imagePairs: Int, decidedBy: String) {
      self.a = a
      self.b = b
      self.imagePairs = imagePairs
      self.decidedBy = decidedBy
    }
  }

  /// An identity to put aside.
  public struct Removal: Hashable, Codable, Sendable {
    public var identity: String
    public var degree: Int
    public var images: Int
    public var decision: Decision

    public init(identity: String, degree: Int, images: Int, decision: Decision) {
      self.identity = identity
      self.degree = degree
      self.images = images
      self.decision = decision
    }
  }

  public var identities: Int
  public var budgets: [Budget]
  public var pairs: [Pair]
  public var removals: [Removal]
  /// True where the threshold was measured on the set itself.
  public var isMeasuredOnItself: Bool

  public init(
    identities: Int, budgets: [Budget], pairs: [Pair], removals: [Removal],
    isMeasuredOnItself: Bool
  ) {
    self.identities = identities
    self.budgets = budgets
    self.pairs = pairs
    self.removals = removals
    self.isMeasuredOnItself = isMeasuredOnItself
  }
}
