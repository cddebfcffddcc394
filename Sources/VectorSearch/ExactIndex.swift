public import Domain
import Execution
import Files
import LinearAlgebra
import Synchronization

/// A `VectorIndex` by the exact engine: complete answers, the same on any number of threads.
public final class ExactIndex: VectorIndex {
  let vectors: any VectorRows
  let settings: ExactSettings
  let pairLimit: Int
  let kept: KeptScreen?
  /// Made at the first question for the nearest rows of few, and of many queries.
  private let top = Mutex<TopSearch?>(nil)
  private let join = Mutex<NearestJoin?>(nil)
  /// From so many queries on, all of them pass over the rows together.
  private static let manyQueries = 64

  init(
    vectors: any VectorRows, settings: ExactSettings, pairLimit: Int, kept: KeptScreen? = nil
  ) {
    self.kept = kept
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

  /// Nil: nothing is missed.
  public func measuredRecall(
    of queries: Vectors, atLeast floor: CosineSimilarity
  ) -> MeasuredRecall? { nil }

  /// Keeps finished tiles in `work.partialFile` and goes on from those it finds there.
  /// - Throws: `memory`; `tooManyPairs` where no limit was given and a part does not fit into the memory;
  ///   `interrupted` where a signal asked to stop; `FilesError`.
  public func forEachPairWithin(
    atLeast floor: CosineSimilarity, _ work: PairWork, body: ([VectorPair]) throws -> Void
  ) throws -> Bool {
    let join = try ExactJoin(vectors, nil, atLeast: floor, settings: settings)
    if join.plan.left < 2 { return true }
    let folder = try work.partialFile == nil ? TemporaryFolder() : nil
    let path = work.partialFile ?? folder.map { $0("pairs") } ?? ""
    let resumable = ResumableJoin(join, path: path, of: work.name)
    do {
      guard let answer = try resumable.run(progress: work.progress, limit: work.limit) else {
        throw VectorSearchError(
          code: .interrupted, message: "the search was asked to stop",
          hint: "give the same command again; it goes on from here")
      }
      for piece in 0..<answer.pieces { try body(answer.pairs(inPiece: piece).map(VectorPair.init)) }
    } catch let error as VectorSearchError where error.code == .tooManyPairs {
      try resumable.finish()
      if work.limit == .max { throw error }
      return false
    }
    try resumable.finish()
    return true
  }

  /// - Throws: `otherWidth`, `notUnitVector` for a query.
  /// - Precondition: `k > 0`.
  public func nearest(_ k: Int, to queries: Vectors) throws -> [VectorPair] {
    precondition(k > 0)
    try check(queries)
    guard queries.count > 0, count > 0 else { return [] }
    let wanted = min(k, count)
    if queries.count >= Self.manyQueries {
      return try Self.made(join) { try NearestJoin(vectors, settings: settings) }
        .nearest(wanted, to: queries)
    }
    return try Self.made(top) {
      try TopSearch(vectors, typical: k, settings: settings, kept: kept)
    }
    .nearest(wanted, to: queries)
  }

  private static func made<Part: Sendable>(
    _ part: borrowing Mutex<Part?>, _ make: () throws -> Part
  ) throws -> Part {
    try part.withLock { made in
      if let made { return made }
      let fresh = try make()
      made = fresh
      return fresh
    }
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
      answer += tile.pairs.map(VectorPair.init)
      return true
    }
    guard join.plan.stretches > 1 else { return answer }
    return answer.sorted { ($0.query, $0.target) < ($1.query, $1.target) }
  }
}

extension VectorPair {
  init(_ pair: JoinPair) {
    self.init(
      query: Int(pair.left), target: Int(pair.right), similarity: CosineSimilarity(pair.similarity))
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
  /// - Parameter kept: a file that spares the next index over the same rows the work of rounding them
  ///   for `nearest` of few queries. Answers do not depend on it.
  public func index(rows: any VectorRows, kept: KeptScreen? = nil) -> ExactIndex {
    ExactIndex(vectors: rows, settings: settings, pairLimit: pairLimit, kept: kept)
  }
}
