public import Domain

/// What one run over a folder, or a part of it, found: committed whole or not at all.
///
/// The shards' files must be in place before the batch is committed; the commit makes them real.
public struct IndexBatch: Equatable, Sendable {
  /// The source the paths are relative to.
  public var source: Int64
  public var items: [IndexedImage] = []
  public var rejected: [RejectedFile] = []
  public var shards: [IndexShard] = []
  /// Latent vectors that came with the dataset, for identities of this source.
  public var latents: [GivenLatent] = []
  /// What an older version did not measure of images the catalog has.
  public var measures: [ImageMeasures] = []

  public init(source: Int64) { self.source = source }
}

/// A picture that was read and embedded, or an imported vector.
public struct IndexedImage: Equatable, Sendable {
  /// How an item names its identity.
  public enum Identity: Equatable, Sendable {
    /// The image belongs to nobody known.
    case none
    /// The identity of this name in the batch's source, made where there is none.
    case named(String)
    /// An identity of the catalog, of whatever source: how a generated image joins a digital
    /// identity.
    case existing(Int64)
  }

  /// Relative to the source's root; for a vector without a picture, its own id.
  public var path: String
  public var identity: Identity
  public var facts: ImageFacts

  public init(path: String, identity: Identity, facts: ImageFacts) {
    self.path = path
    self.identity = identity
    self.facts = facts
  }
}

/// A file that was read and refused.
public struct RejectedFile: Equatable, Sendable {
  public var path: String
  /// A short stable word or phrase to count by.
  public var reason: String
  /// SHA-256 of the file, in hex, where it could be read.
  public var digest: String?

  public init(path: String, reason: String, digest: String? = nil) {
    self.path = path
    self.reason = reason
    self.digest = digest
  }
}

/// A published file of embeddings and which items its rows belong to.
public struct IndexShard: Equatable, Sendable {
  /// Which item a row of the shard belongs to.
  public struct Row: Equatable, Sendable {
    /// Position in the batch's `items`.
    public var item: Int
    /// Row in the shard, from 0.
    public var row: Int

    public init(item: Int, row: Int) {
      self.item = item
      self.row = row
    }
  }

  public var space: Space
  /// Relative to the workspace's vectors folder.
  public var file: String
  public var rowCount: Int
  /// SHA-256 of the file, in hex.
  public var digest: String
  public var rows: [Row]

  public init(space: Space, file: String, rowCount: Int, digest: String, rows: [Row]) {
    self.space = space
    self.file = file
    self.rowCount = rowCount
    self.digest = digest
    self.rows = rows
  }
}

/// Measures of a picture the catalog has already.
public struct ImageMeasures: Equatable, Sendable {
  public var image: Int64
  /// SHA-256, in hex, over width, height and decoded pixels.
  public var pixelDigest: String
  /// Nil for a flat picture.
  public var perceptualHash: PictureHash?
  /// Nil leaves the score there is.
  public var quality: Double?
  public var qualityEncoder: String?

  public init(image: Int64, pixelDigest: String, perceptualHash: PictureHash?) {
    self.image = image
    self.pixelDigest = pixelDigest
    self.perceptualHash = perceptualHash
  }
}

/// A latent vector that came with the dataset.
public struct GivenLatent: Equatable, Sendable {
  public var identityName: String
  /// SHA-256, in hex, over the generator's weights and settings.
  public var generatorDigest: String
  public var vector: [Float]

  public init(identityName: String, generatorDigest: String, vector: [Float]) {
    self.identityName = identityName
    self.generatorDigest = generatorDigest
    self.vector = vector
  }
}

/// What committing a batch did.
public struct IndexResult: Equatable, Sendable {
  /// The image of each item, in the batch's order.
  public var images: [Int64] = []
  /// Images the catalog did not have, the changed files' among them.
  public var added = 0
  /// Images set aside because their file has changed.
  public var replaced = 0
  /// Items the catalog had already.
  public var unchanged = 0
  /// Shards the catalog did not have and now points at.
  public var shards = 0
}
