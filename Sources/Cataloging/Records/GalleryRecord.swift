/// A sealed gallery: a source of which only encrypted vectors are kept.
public struct GalleryRecord: Equatable, Sendable {
  /// Whether there is still something to compare with.
  public enum State: String, Sendable {
    case sealed, purged
  }

  public var id: Int64
  public var source: Int64
  public var name: String
  /// Which key opens it.
  public var keyID: String
  /// Over its templates, in hex.
  public var digest: String
  public var vectors: Int
  public var state: State
  /// ISO 8601, by the catalog's clock.
  public var sealedAt: String
}

/// A gallery to be recorded.
public struct NewGallery: Equatable, Sendable {
  public var source: Int64
  public var name: String
  public var keyID: String
  /// Over its templates, in hex.
  public var digest: String
  public var vectors: Int

  public init(source: Int64, name: String, keyID: String, digest: String, vectors: Int) {
    self.source = source
    self.name = name
    self.keyID = keyID
    self.digest = digest
    self.vectors = vectors
  }
}

/// The encrypted shard that takes the place of a source's plain ones.
public struct SealedRows: Equatable, Sendable {
  /// The shard; its `rows` name positions in `images`.
  public var shard: IndexShard
  /// Image ids.
  public var images: [Int64]

  public init(shard: IndexShard, images: [Int64]) {
    self.shard = shard
    self.images = images
  }
}

/// Who used a sealed gallery, and for what.
public struct AccessRecord: Equatable, Sendable {
  /// What was done with it.
  public enum Action: String, Sendable {
    case sealed, imported, opened, compared, exported, purged
  }

  public var gallery: String
  public var action: Action
  /// The command.
  public var verb: String
  public var author: String
  /// Vectors that were decrypted, sealed or destroyed.
  public var vectors: Int
  public var comparisons: Int
  /// ISO 8601, by the catalog's clock.
  public var accessedAt: String
}

/// An access to be logged.
public struct NewAccess: Equatable, Sendable {
  public var action: AccessRecord.Action
  public var verb: String
  public var author: String
  public var comparisons: Int

  public init(
    _ action: AccessRecord.Action, verb: String, author: String, comparisons: Int = 0
  ) {
    self.action = action
    self.verb = verb
    self.author = author
    self.comparisons = comparisons
  }
}
