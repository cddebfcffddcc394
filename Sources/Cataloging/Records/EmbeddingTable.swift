public import Domain

/// Where the embeddings of some images lie, for one space.
public struct EmbeddingTable: Equatable, Sendable {
  public var space: Space
  /// The shards that hold them, by id.
  public var shards: [ShardRecord]
  /// One per image, by image id.
  public var locations: [EmbeddingLocation]
}

/// Where one image's embedding lies.
public struct EmbeddingLocation: Equatable, Sendable {
  public var image: Int64
  public var identity: Int64?
  public var population: Population
  /// Position in the table's `shards`.
  public var shard: Int
  /// Row in that shard, from 0.
  public var row: Int
}
