/// What is purged together: decisions, and the shards that were written anew without the vectors.
public struct Purge: Equatable, Sendable {
  /// A shard of which only some rows stay.
  public struct Rewrite: Equatable, Sendable {
    public var old: ShardRecord
    /// The shard that takes its place; nil where no row stays.
    public var new: NewShard?
    /// Which row of the new shard each image's vector is, by image.
    public var rows: [ShardRow]

    public init(old: ShardRecord, new: NewShard?, rows: [ShardRow]) {
      self.old = old
      self.new = new
      self.rows = rows
    }
  }

  /// A published file of vectors.
  public struct NewShard: Equatable, Sendable {
    /// Relative to the workspace's vectors folder.
    public var file: String
    public var rowCount: Int
    /// SHA-256 of the file, in hex.
    public var digest: String

    public init(file: String, rowCount: Int, digest: String) {
      self.file = file
      self.rowCount = rowCount
      self.digest = digest
    }
  }

  /// Each with the action `purge`.
  public var decisions: [NewDecision]
  public var rewrites: [Rewrite]

  public init(decisions: [NewDecision], rewrites: [Rewrite] = []) {
    self.decisions = decisions
    self.rewrites = rewrites
  }
}

/// Which row of a shard is an image's vector.
public struct ShardRow: Equatable, Sendable {
  public var image: Int64
  public var row: Int

  public init(image: Int64, row: Int) {
    self.image = image
    self.row = row
  }
}
