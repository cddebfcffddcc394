public import Domain

/// One image named in a table.
public struct ImageReference: Hashable, Codable, Sendable {
  /// Relative to the folder that was indexed.
  public var path: String
  public var population: Population
  public var identity: String?
  public var tile: PictureTile?

  public init(
    path: String, population: Population, identity: String? = nil, tile: PictureTile? = nil
  ) {
    self.path = path
    self.population = population
    self.identity = identity
    self.tile = tile
  }
}

/// The cosine of a pair in one space.
public struct SpaceSimilarity: Hashable, Codable, Sendable {
  public var space: String
  public var similarity: CosineSimilarity

  public init(space: String, similarity: CosineSimilarity) {
    self.space = space
    self.similarity = similarity
  }
}

/// What became of a proposal.
public enum Decision: String, Codable, Sendable {
  /// Found, and nothing done yet.
  case proposed
  /// Too weak to act on by rule; a person should look.
  case review = "to review"
  /// The removed image is in quarantine.
  case quarantined
  /// A person put it back.
  case restored
}
