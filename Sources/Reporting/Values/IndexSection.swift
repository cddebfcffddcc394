public import Domain

/// What one population holds.
public struct PopulationRow: Hashable, Codable, Sendable {
  public var population: Population
  /// Images in force: indexed, not replaced.
  public var images: Int
  /// Identities that own at least one of them; 0 where the population has no labels.
  public var identities: Int
  /// Files that could not be used.
  public var rejected: Int
  public var quarantined: Int
  /// Anything worth a remark: the folder layout, the licence; may be empty.
  public var note: String

  public init(
    population: Population, images: Int, identities: Int, rejected: Int, quarantined: Int,
    note: String = ""
  ) {
    self.population = population
    self.images = images
    self.identities = identities
    self.rejected = rejected
    self.quarantined = quarantined
    self.note = note
  }
}

/// A file the index step could not use.
public struct RejectedFile: Hashable, Codable, Sendable {
  /// Relative to the folder that was indexed.
  public var path: String
  public var population: Population
  public var reason: String

  public init(path: String, population: Population, reason: String) {
    self.path = path
    self.population = population
    self.reason = reason
  }
}

/// One embedding space and the encoder behind it.
public struct SpaceRow: Hashable, Codable, Sendable {
  public var space: Space
  /// The encoder's name in its manifest.
  public var encoder: String
  /// Images that have a vector in this space.
  public var vectors: Int

  public init(space: Space, encoder: String, vectors: Int) {
    self.space = space
    self.encoder = encoder
    self.vectors = vectors
  }
}
