public import Domain

/// How much a catalog holds: what `status` shows.
public struct CatalogCounts: Equatable, Sendable {
  /// What one population holds.
  public struct Images: Equatable, Sendable {
    public var population: Population
    /// Current images, quarantined ones included.
    public var images: Int
    public var quarantined: Int
    /// Identities with at least one current image of the population.
    public var identities: Int
  }

  /// What one space holds.
  public struct Embeddings: Equatable, Sendable {
    public var space: Space
    /// Embeddings of current images.
    public var embeddings: Int
    public var shards: Int
  }

  /// How many files of one population ended in one way.
  public struct Outcomes: Equatable, Sendable {
    public var population: Population
    public var outcome: OutcomeRecord.Outcome
    public var reason: String
    public var files: Int
  }

  /// Populations with a source, in `Population` order.
  public var images: [Images]
  /// In the order the spaces were first used.
  public var embeddings: [Embeddings]
  /// By population, outcome and reason.
  public var outcomes: [Outcomes]
}
