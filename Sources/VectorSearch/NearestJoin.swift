import CVectorKernels
import Domain
import Execution
import LinearAlgebra

/// The nearest rows of many queries at once: tiles of queries pass over all rows rounded to 8 bits, each
/// query keeps the rows whose bound lies near enough to the k-th best so far, and `FixedDot` decides
/// among those.
///
/// With U ≥ <x, y> the bound of `ScreenFrame` and w twice what it can be too high by, <x, y> ≥ U - w.
/// At least k rows reach the k-th largest U less w, so a row whose own U is below that is not among
/// the k nearest.
struct NearestJoin: Sendable {
  let vectors: any VectorRows
  let screened: ScreenedRows
  let settings: ExactSettings

  /// Queries that pass over the rows together.
  private static let tile = 96
  /// Blocks of rows bounded in one go: they and their bounds stay in the processor's cache.
  private static let blocksAtOnce = 128
  /// Fewest rows and pairs compared by all queries of a tile before the next ones: as many rows stay
  /// in the processor's cache.
  private static let stretch = (rows: 128, pairs: 1024)
  /// - Throws: `memory` where the rounded rows do not fit into the budget.
  init(_ vectors: any VectorRows, settings: ExactSettings) throws {
    let sample = FrameChoice.sample(vectors, 8192)
    let frame = ScreenFrame(
      axes: nil, depth: vectors.width, sample: sample, unit: ScreenedRows.unit,
      path: settings.path)
    let perRow = ScreenedRows.bytesPerRow(width: vectors.width, depth: frame.depth)
    guard vectors.count * perRow <= settings.memory else {
      throw VectorSearchError.memory(settings.memory, needed: vectors.count * perRow)
    }
    self.vectors = vectors
    self.settings = settings
    screened = try ScreenedRows(
      vectors, 0..<vectors.count, frame: frame, settings: settings)
  }

  func nearest(_ k: Int, to queries: Vectors) throws -> [VectorPair] {
    try Parallel.mapBlocks(
      count: queries.count, blockSize: Self.tile, threads: settings.threads
    ) { rows in nearest(k, queries, rows) }
    .flatMap { $0 }
  }

  /// Of the queries `rows`, each by its number.
  func nearest(_ k: Int, _ queries: Vectors, _ rows: Range<Int>) -> [VectorPair] {
    let tile = LeftTile(queries.rows(rows), rows, frame: screened.frame, path: settings.path)
    return decide(k, tile.vectors, candidates(k, of: tile), first: rows.lowerBound)
  }

  /// The most a bound of a row of the tile can be too high by.
  static func margin(_ tile: LeftTile, _ row: Int) -> Float {
    2.001 * (128 * Float(tile.prefix.sums[row]) - tile.prefixFloor(row, 0))
  }

  /// Rows that may be among the nearest of each row of the tile, rising.
  func candidates(_ k: Int, of tile: LeftTile) -> [[UInt32]] {
    let queries = 0..<tile.rows.count
    let floors = queries.map { tile.prefixFloor($0, 0) }
    let margins = queries.map { Self.margin(tile, $0) }
    var candidates = [NearCandidates](repeating: NearCandidates(), count: queries.count)
    var bounds = [Float](repeating: 0, count: queries.count * Self.blocksAtOnce * blockRows)
    var list = [UInt32](repeating: 0, count: Self.blocksAtOnce * blockRows)
    for start in stride(from: 0, to: screened.blocks, by: Self.blocksAtOnce) {
      let blocks = start..<min(screened.blocks, start + Self.blocksAtOnce)
      bound(tile, floors, blocks, &bounds)
      let width = blocks.count * blockRows
      for query in queries {
        let own = bounds[query * width..<(query + 1) * width]
        if start == 0 { candidates[query].setFloor(k, own, margin: margins[query]) }
        // The slice holds `width` bounds, and the list has room for all of them.
        let found = unsafe own.withUnsafeBufferPointer { own in
          unsafe own.baseAddress.map {
            unsafe cvk_collect(
              settings.path.code, $0, width, candidates[query].floor, &list)
          } ?? 0
        }
        for place in list[..<found] {
          candidates[query].append(
            UInt32(start * blockRows) + place, own[own.startIndex + Int(place)])
        }
        candidates[query].pruneIfFull(k, margin: margins[query])
      }
    }
    settings.release(vectors)
    return queries.map { query in
      candidates[query].prune(k, margin: margins[query])
      return candidates[query].inOrder
    }
  }

  private func bound(
    _ tile: LeftTile, _ floors: [Float], _ blocks: Range<Int>, _ bounds: inout [Float]
  ) {
    // The left side's arrays have one entry per query, and `bounds` a place for every pair.
    unsafe tile.prefix.rows.withUnsafeBufferPointer { rows in
      unsafe tile.slopes.withUnsafeBufferPointer { slopes in
        unsafe floors.withUnsafeBufferPointer { floors in
          let left = unsafe cvk_left(
            rows: rows.baseAddress, slopes: slopes.baseAddress, floors: floors.baseAddress,
            count: tile.rows.count)
          unsafe cvk_bounds(settings.path.code, left, screened.right(blocks), &bounds)
        }
      }
    }
  }

  /// The `k` most similar to each query among the rows of its list.
  func decide(_ k: Int, _ queries: Vectors, _ lists: [[UInt32]], first: Int) -> [VectorPair] {
    zip(lists, similarities(queries, lists)).enumerated().flatMap { query, found in
      Self.decide(k, first + query, found.0, found.1)
    }
  }

  /// The `k` most similar of some rows, by falling similarity, ties by row.
  static func decide(
    _ k: Int, _ query: Int, _ candidates: [UInt32], _ similarities: [Float]
  ) -> [VectorPair] {
    var (rows, similarities) = (candidates, similarities)
    var floor: Float = 0
    // Both lists hold `rows.count` entries.
    let kept = unsafe cvk_prune(&similarities, &rows, rows.count, k, 0, &floor)
    let pairs = zip(rows, similarities).prefix(kept).map { row, similarity in
      VectorPair(query: query, target: Int(row), similarity: CosineSimilarity(similarity))
    }
    let sorted = pairs.sorted { ($1.similarity, $0.target) < ($0.similarity, $1.target) }
    return Array(sorted.prefix(k))
  }

  /// Of each query with the rows of its list, which rise, as `FixedDot` has them.
  ///
  /// The rows are taken a stretch at a time by all queries: where the rounded bounds leave many, the
  /// time goes into fetching rows from memory.
  private func similarities(_ queries: Vectors, _ lists: [[UInt32]]) -> [[Float]] {
    var found = lists.map { list in
      var similarities: [Float] = []
      similarities.reserveCapacity(list.count)
      return similarities
    }
    var next = [Int](repeating: 0, count: lists.count)
    var reader = StretchReader(vectors)
    let pairs = max(1, lists.reduce(0) { $0 + $1.count })
    let stretch = max(Self.stretch.rows, vectors.count * Self.stretch.pairs / pairs)
    for start in stride(from: 0, to: vectors.count, by: stretch) {
      let end = UInt32(min(start + stretch, vectors.count))
      let pieces = lists.indices.map { query in
        let list = lists[query]
        var stop = next[query]
        while stop < list.count, list[stop] < end { stop += 1 }
        defer { next[query] = stop }
        return list[next[query]..<stop]
      }
      reader.take(pieces)
      for (query, piece) in pieces.enumerated() where !piece.isEmpty {
        found[query] += reader.similarities(queries, query, piece, settings.path)
      }
    }
    return found
  }
}
