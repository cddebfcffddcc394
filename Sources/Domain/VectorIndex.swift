/// Two vectors found close together.
public struct VectorPair: Equatable, Sendable {
  /// Row in the queries.
  public var query: Int
  /// Row in the indexed vectors.
  public var target: Int
  public var similarity: CosineSimilarity

  public init(query: Int, target: Int, similarity: CosineSimilarity) {
    self.query = query
    self.target = target
    self.similarity = similarity
  }
}

/// A searchable set of unit vectors of one space. Similarities are cosines in float32.
public protocol VectorIndex: Sendable {
  var count: Int { get }
  /// True when every answer is the complete one.
  var isExact: Bool { get }
  /// Every pair with similarity at or above `floor`, ordered by query, then by target.
  func pairs(from queries: Vectors, atLeast floor: CosineSimilarity) throws -> [VectorPair]
  /// Every pair of two indexed vectors with similarity at or above `floor`, once each with the smaller
  /// row as query, ordered by query, then by target.
  func pairsWithin(atLeast floor: CosineSimilarity) throws -> [VectorPair]
  /// The `k` most similar targets of each query, ordered by query, then by falling similarity, ties
  /// by target; fewer where the index holds fewer.
  func nearest(_ k: Int, to queries: Vectors) throws -> [VectorPair]
}

/// Makes a `VectorIndex` over unit vectors; the only thing the steps know of a search library.
public protocol VectorIndexBuilder: Sendable {
  func index(_ unitVectors: Vectors) throws -> any VectorIndex
}
