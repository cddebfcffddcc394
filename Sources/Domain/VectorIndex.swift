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
  /// Hands over every pair of two indexed vectors with similarity at or above `floor`, once each with
  /// the smaller row as query, ordered by query, then by target, some at a time.
  /// - Returns: false where there are more than `work.limit` pairs; some may have been handed over.
  func forEachPairWithin(
    atLeast floor: CosineSimilarity, _ work: PairWork, body: ([VectorPair]) throws -> Void
  ) throws -> Bool
  /// The share of the pairs at or above `floor` that the index finds, on a sample of `queries`; nil
  /// where every answer is the complete one.
  func measuredRecall(
    of queries: Vectors, atLeast floor: CosineSimilarity
  ) throws -> MeasuredRecall?
  /// The `k` most similar targets of each query, ordered by query, then by falling similarity, ties
  /// by target; fewer where the index holds fewer.
  func nearest(_ k: Int, to queries: Vectors) throws -> [VectorPair]
}

extension VectorIndex {
  /// Every pair of two indexed vectors, as `forEachPairWithin` orders them.
  public func pairsWithin(atLeast floor: CosineSimilarity) throws -> [VectorPair] {
    var answer: [VectorPair] = []
    _ = try forEachPairWithin(atLeast: floor, PairWork()) { answer += $0 }
    return answer
  }
}

/// How a long search for pairs is watched, limited and kept.
public struct PairWork: Sendable {
  public var progress: any ProgressReporter = SilentProgress()
  /// The most pairs wanted.
  public var limit = Int.max
  /// A file for what is done, so that a killed search goes on there; nil keeps nothing. Engines may
  /// ignore it.
  public var partialFile: String?
  /// Says which vectors are searched; what another search left is dropped.
  public var name = ""

  public init() {}
}

/// Makes a `VectorIndex` over unit vectors; the only thing the steps know of a search library.
public protocol VectorIndexBuilder: Sendable {
  func index(_ unitVectors: Vectors) throws -> any VectorIndex
}
