public import Domain
import Execution
import LinearAlgebra
import Synchronization

/// A `VectorIndex` by the exact engine: complete answers, the same on any number of threads.
public final class ExactIndex: VectorIndex {
  let vectors: any VectorRows
  let settings: ExactSettings
  let pairLimit: Int
  /// Made at the first question for nearest rows.
  private let top = Mutex<TopSearch?>(nil)

  init(vectors: any VectorRows, settings: ExactSettings, pairLimit: Int) {
    self.vectors = vectors
    self.settings = settings
    self.pairLimit = pairLimit
  }

  public var count: Int { vectors.count }

  public var isExact: Bool { true }

  /// - Throws: `otherWidth`, `notUnitVector` for a query, `tooManyPairs` where the answer would
  ///   hold more pairs than the builder allowed, `memory`.
  public func pairs(
    from queries: Vectors, atLeast floor: CosineSimilarity
  ) throws -> [VectorPair] {
    try check(queries)
    return try collect(ExactJoin(queries, vectors, atLeast: floor, settings: settings))
  }

  /// - Throws: as `pairs`.
  public func pairsWithin(atLeast floor: CosineSimilarity) throws -> [VectorPair] {
    try collect(ExactJoin(vectors, nil, atLeast: floor, settings: settings))
  }

  /// - Throws: `otherWidth`, `notUnitVector` for a query.
  /// - Precondition: `k > 0`.
  public func nearest(_ k: Int, to queries: Vectors) throws -> [VectorPair] {
    precondition(k > 0)
    try check(queries)
    guard queries.count > 0, count > 0 else { return [] }
    let search = try top.withLock { made -> TopSearch in
      if let made { return made }
      let fresh = try TopSearch(vectors, typical: k, settings: settings)
      made = fresh
      return fresh
    }
    return try search.nearest(min(k, count), to: queries)
  }

  private func check(_ queries: Vectors) throws {
    guard queries.width == vectors.width else {
      throw VectorSearchError.otherWidth(queries.width, indexed: vectors.width)
    }
    try UnitCheck.require(queries, role: "query")
  }

  private func collect(_ join: ExactJoin) throws -> [VectorPair] {
    var answer: [VectorPair] = []
    try join.run { tile in
      if answer.count + tile.pairs.count > self.pairLimit {
        throw VectorSearchError.tooManyPairs(self.pairLimit, join.floor)
      }
      for pair in tile.pairs {
        answer.append(
          VectorPair(
            query: Int(pair.left), target: Int(pair.right),
            similarity: CosineSimilarity(pair.similarity)))
      }
      return true
    }
    guard join.plan.stretches > 1 else { return answer }
    return answer.sorted { ($0.query, $0.target) < ($1.query, $1.target) }
  }
}

/// Makes exact indexes.
public struct ExactIndexBuilder: VectorIndexBuilder {
  public var settings: ExactSettings
  /// The most pairs one answer may hold; a pair takes 24 bytes.
  public var pairLimit = 50_000_000

  public init(_ settings: ExactSettings) { self.settings = settings }

  /// An index over the rows; over none it answers nothing.
  /// - Throws: `notUnitVector` naming the first row that is zero, not finite or not of length 1.
  public func index(_ unitVectors: Vectors) throws -> any VectorIndex {
    try UnitCheck.require(unitVectors, role: "row")
    return index(rows: unitVectors)
  }

  /// An index over rows that may lie on the disk. Rows without a direction match nothing.
  public func index(rows: any VectorRows) -> ExactIndex {
    ExactIndex(vectors: rows, settings: settings, pairLimit: pairLimit)
  }
}
