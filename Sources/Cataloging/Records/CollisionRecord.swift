public import Domain

/// Two identities of the set that look like the same person.
public struct CollisionRecord: Equatable, Sendable {
  public var a: Int64
  public var b: Int64
  /// Pairs of their images at or above the threshold.
  public var imagePairs: Int
  /// The most similar of these pairs; nil where there is none.
  public var nearest: NearestImages?
  public var prototypeSimilarity: CosineSimilarity?
  /// "images", "prototypes" or "both".
  public var decidedBy: String

  /// One image of each identity.
  public struct NearestImages: Equatable, Sendable {
    public var a: Int64
    public var b: Int64
    public var similarity: CosineSimilarity

    public init(a: Int64, b: Int64, similarity: CosineSimilarity) {
      self.a = a
      self.b = b
      self.similarity = similarity
    }
  }

  public init(
    a: Int64, b: Int64, imagePairs: Int, nearest: NearestImages?,
    prototypeSimilarity: CosineSimilarity?, decidedBy: String
  ) {
    self.a = a
    self.b = b
    self.imagePairs = imagePairs
    self.nearest = nearest
    self.prototypeSimilarity = prototypeSimilarity
    self.decidedBy = decidedBy
  }
}

/// An identity proposed for quarantine because it collides with others.
public struct CollisionRemoval: Equatable, Sendable {
  public var identity: Int64
  /// Identities it still collided with when its turn came.
  public var degree: Int
  /// Images of it that take part in the set.
  public var images: Int

  public init(identity: Int64, degree: Int, images: Int) {
    self.identity = identity
    self.degree = degree
    self.images = images
  }
}
