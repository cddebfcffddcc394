public import Domain

/// A stored pair graph: a file of every pair of distinct rows at or above a floor.
public struct PairGraphRecord: Equatable, Sendable {
  public var key: String
  public var space: Space
  /// SHA-256, in hex, over which images have which vectors.
  public var rowsDigest: String
  /// What searched.
  public var engine: String
  /// True where no pair is missing.
  public var isExact: Bool
  /// Share of the pairs that an engine which is not exact found, measured on sampled rows; nil for an
  /// exact one, and where the sample had no pair.
  public var recall: Double?
  public var floor: CosineSimilarity
  /// Distinct rows.
  public var rowCount: Int
  public var pairCount: Int
  /// Relative to the workspace's graphs folder.
  public var file: String
  /// SHA-256 of the file, in hex.
  public var digest: String

  public init(key: String, space: Space, rowsDigest: String, engine: String) {
    self.key = key
    self.space = space
    self.rowsDigest = rowsDigest
    self.engine = engine
    isExact = true
    floor = CosineSimilarity(-1)
    rowCount = 0
    pairCount = 0
    file = ""
    digest = ""
  }
}
