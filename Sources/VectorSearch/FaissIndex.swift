public import Domain
import Execution
import LinearAlgebra
import Synchronization

/// A `VectorIndex` by faiss.
///
/// faiss only proposes. Its similarities come from blocked products whose last bits depend on the
/// shapes, so it is asked for a little more than was wanted, by the bound of `Margin`; every
/// candidate's similarity is then computed by `FixedDot`, and floor, order and count apply to that
/// value. With "Flat" the answer is therefore complete and the same on any number of threads.
public final class FaissIndex: VectorIndex {
  let vectors: Vectors
  /// Nil over no vectors.
  let handle: FaissHandle?
  let threads: Int
  let pairLimit: Int

  init(vectors: Vectors, handle: FaissHandle?, threads: Int, pairLimit: Int) {
    self.vectors = vectors
    self.handle = handle
    self.threads = threads
    self.pairLimit = pairLimit
  }

  public var count: Int { vectors.count }

  public var isExact: Bool { handle?.isExact ?? true }

  /// - Throws: `otherWidth`, `notUnitVector` for a query, `tooManyPairs` where the answer would
  ///   hold more pairs than the builder allowed.
  public func pairs(
    from queries: Vectors, atLeast floor: CosineSimilarity
  ) throws -> [VectorPair] {
    let counter = Atomic<Int>(0)
    return try inBlocks(of: queries, size: blockSize) { handle, block in
      let candidates = try self.candidates(handle, queries, block, floor: floor.value)
      var pairs: [VectorPair] = []
      for (query, found) in zip(block, candidates) {
        pairs += self.pairs(queries, query, found).filter { $0.similarity >= floor }
      }
      let total = counter.add(pairs.count, ordering: .relaxed).newValue
      if total > self.pairLimit { throw VectorSearchError.tooManyPairs(self.pairLimit, floor) }
      return pairs
    }
  }

  /// Measured against the exact engine, see `RecallProbe`; nil for "Flat".
  public func measuredRecall(
    of queries: Vectors, atLeast floor: CosineSimilarity
  ) throws -> MeasuredRecall? {
    guard !isExact, count > 0 else { return nil }
    let exact = ExactIndexBuilder(ExactSettings(threads: threads)).index(rows: vectors)
    return try RecallProbe.pairs(of: self, queries: queries, atLeast: floor, exact: exact)
  }

  /// Asks for some rows at a time. An approximate index may find a pair from one side only; it counts.
  public func forEachPairWithin(
    atLeast floor: CosineSimilarity, _ work: PairWork, body: ([VectorPair]) throws -> Void
  ) throws -> Bool {
    // As many rows at a time as bound the answer to 16 million pairs.
    let block = max(64, min(8192, 16_000_000 / max(1, count)))
    var found: Set<SIMD2<Int>> = []
    var taken = 0
    work.progress.begin("comparing", total: count, unit: "vectors")
    for start in stride(from: 0, to: count, by: block) {
      let rows = start..<min(start + block, count)
      let pairs = try pairs(from: vectors.rows(rows), atLeast: floor).compactMap {
        ordered($0, from: start, &found)
      }
      taken += pairs.count
      if taken > work.limit { return false }
      try body(pairs.sorted { ($0.query, $0.target) < ($1.query, $1.target) })
      work.progress.advance(to: rows.upperBound)
    }
    work.progress.end(nil)
    return true
  }

  /// The pair with its smaller row first; nil for a row with itself and for a pair met before.
  private func ordered(
    _ pair: VectorPair, from start: Int, _ found: inout Set<SIMD2<Int>>
  ) -> VectorPair? {
    let (a, b) = (pair.query + start, pair.target)
    if a == b || (isExact && a > b) { return nil }
    let (low, high) = (min(a, b), max(a, b))
    if !isExact, !found.insert(SIMD2(low, high)).inserted { return nil }
    return VectorPair(query: low, target: high, similarity: pair.similarity)
  }

  /// - Throws: `otherWidth`, `notUnitVector` for a query.
  /// - Precondition: `k > 0`.
  public func nearest(_ k: Int, to queries: Vectors) throws -> [VectorPair] {
    precondition(k > 0)
    let wanted = min(k, count)
    return try inBlocks(of: queries, size: Self.largestBlock) { handle, block in
      try self.nearest(wanted, handle, queries, block)
    }
  }

  private static let largestBlock = 1024
  /// Fewer queries than this and faiss leaves the fast matrix product.
  private static let smallestBlock = 20

  /// Queries per block such that even a block where everything is close stays within the limit.
  private var blockSize: Int {
    let fitting = pairLimit / max(1, count * threads)
    return max(Self.smallestBlock, min(Self.largestBlock, fitting))
  }

  private func inBlocks(
    of queries: Vectors, size: Int,
    _ body: @Sendable (FaissHandle, Range<Int>) throws -> [VectorPair]
  ) throws -> [VectorPair] {
    guard queries.width == vectors.width else {
      throw VectorSearchError.otherWidth(queries.width, indexed: vectors.width)
    }
    try UnitCheck.require(queries, role: "query")
    guard let handle, queries.count > 0 else { return [] }
    // Asking also sees to it that OpenBLAS, which faiss calls too, starts with one thread.
    _ = BLASThreads.current
    return try Parallel.mapBlocks(count: queries.count, blockSize: size, threads: threads) {
      try body(handle, $0)
    }
    .flatMap { $0 }
  }

  /// The candidates as pairs with their similarity, by target.
  private func pairs(_ queries: Vectors, _ query: Int, _ found: Candidates) -> [VectorPair] {
    found.targets.sorted().map { target in
      let similarity = FixedDot.similarity(queries, query, vectors, target)
      return VectorPair(query: query, target: target, similarity: similarity)
    }
  }

  private func candidates(
    _ handle: FaissHandle, _ queries: Vectors, _ block: Range<Int>, floor: Float
  ) throws -> [Candidates] {
    let lowered = Margin.below(floor, width: vectors.width)
    if handle.hasRangeSearch { return try handle.range(queries, block, above: lowered) }
    return try block.map { try growing(handle, queries, $0, above: lowered) }
  }

  /// Candidates above `floor` from an index that can only be asked for a number of them: more and
  /// more, until the last lies below.
  private func growing(
    _ handle: FaissHandle, _ queries: Vectors, _ query: Int, above floor: Float
  ) throws -> Candidates {
    var k = min(64, count)
    while true {
      let found = try handle.search(queries, query..<query + 1, k: k)[0]
      if k == count || found.targets.count < k || (found.smallest ?? floor) <= floor {
        return found
      }
      k = min(4 * k, count)
    }
  }

  private func nearest(
    _ k: Int, _ handle: FaissHandle, _ queries: Vectors, _ block: Range<Int>
  ) throws -> [VectorPair] {
    let asked = min(count, k + 16)
    let candidates = try handle.search(queries, block, k: asked)
    var answer: [VectorPair] = []
    for (query, found) in zip(block, candidates) {
      var best = Self.best(k, of: pairs(queries, query, found))
      if let last = best.last, let smallest = found.smallest, handle.isExact, asked < count {
        let lowered = Margin.below(last.similarity.value, width: vectors.width)
        // A target that faiss ranked behind its last candidate could still belong to the best.
        if smallest >= lowered {
          let all = try handle.range(queries, query..<query + 1, above: lowered)[0]
          best = Self.best(k, of: pairs(queries, query, all))
        }
      }
      answer += best
    }
    return answer
  }

  private static func best(_ k: Int, of pairs: [VectorPair]) -> [VectorPair] {
    let order = pairs.sorted {
      ($1.similarity, $0.target) < ($0.similarity, $1.target)
    }
    return Array(order.prefix(k))
  }
}

/// How much further down faiss is asked than was wanted.
enum Margin {
  /// A float32 product of `width` terms, summed in any order, is off by at most about
  /// `width` · 2⁻²⁴ for unit vectors (Higham, *Accuracy and Stability of Numerical Algorithms*,
  /// section 3.1). Twice that, plus one step for faiss's "above, not at".
  static func below(_ floor: Float, width: Int) -> Float {
    let bound = Float(width + 16) * 0x1p-23
    return (floor - bound).nextDown
  }
}
