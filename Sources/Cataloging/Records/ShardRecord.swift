public import Domain

/// One file of embedding rows.
public struct ShardRecord: Equatable, Sendable {
  public var id: Int64
  public var space: Space
  /// Relative to the workspace's vectors folder.
  public var file: String
  public var rowCount: Int
  /// SHA-256 of the file, in hex.
  public var digest: String
}
