import CVectorKernels
import Domain
import Execution
import LinearAlgebra

/// The nearest rows by falling bounds: one pass over the prefixes bounds every row, the rows with the
/// largest bounds are decided first, and then only rows whose bound reaches the worst of the best so
/// far are looked at.
struct TopSearch: Sendable {
  let vectors: any VectorRows
  let screened: ScreenedRows
  let settings: ExactSettings

  /// Rows bounded in one go by a thread.
  private static let segment = 32_768
  /// Below every bound of a row that has a direction.
  private static let lowestBound: Float = -1e20
  /// Above every bound of a row that was rounded well.
  private static let highestBound: Float = 1e20
  /// Queries that share one pass over the prefixes.
  private static let group = 6

  /// - Parameter typical: how many neighbours are likely to be asked for.
  /// - Parameter kept: where the rounded rows are, or are put; a file that cannot be written is done
  ///   without.
  /// - Throws: `memory` where the rounded rows do not fit into the budget.
  init(
    _ vectors: any VectorRows, typical: Int, settings: ExactSettings, kept: KeptScreen? = nil
  ) throws {
    if let kept, let screened = ScreenFile.read(kept, of: vectors, settings: settings) {
      (self.vectors, self.settings, self.screened) = (vectors, settings, screened)
      return
    }
    let choice = try FrameChoice(
      left: nil, right: vectors, pairs: vectors.count * 4096, path: settings.path
    ) { queries in
      try Self.floors(of: queries, in: vectors, typical: typical, settings: settings)
    }
    let perRow = ScreenedRows.bytesPerRow(width: vectors.width, depth: choice.frame.depth) + 32
    guard vectors.count * perRow <= settings.memory else {
      throw VectorSearchError.memory(settings.memory, needed: vectors.count * perRow)
    }
    self.vectors = vectors
    self.settings = settings
    screened = try ScreenedRows(
      vectors, 0..<vectors.count, frame: choice.frame, settings: settings)
    if let kept { try? ScreenFile.write(screened, to: kept) }
  }

  /// About the similarity of the neighbour that was asked for last, for sampled rows: the best of the
  /// rows read, each row itself aside.
  private static func floors(
    of queries: Vectors, in vectors: any VectorRows, typical: Int, settings: ExactSettings
  ) throws -> [Float] {
    let tried = queries.rows(0..<min(32, queries.count))
    let step = 4096
    let blocks = try Parallel.mapBlocks(
      count: vectors.count, blockSize: step, threads: settings.threads
    ) { block -> [[Float]] in
      let rows = vectors.read(block)
      settings.release(vectors)
      let similarities = tried.similarities(to: rows)
      return (0..<tried.count).map { query in
        let own = similarities[query * rows.count..<(query + 1) * rows.count]
        return Array(own.sorted(by: >).prefix(typical + 1))
      }
    }
    let floors = (0..<tried.count).map { query in
      let best = blocks.flatMap { $0[query] }.sorted(by: >)
      return best[min(best.count - 1, typical)]
    }
    // Rows not tried are as the tried ones.
    return (0..<queries.count).map { floors[$0 % floors.count] }
  }

  func nearest(_ k: Int, to queries: Vectors) throws -> [VectorPair] {
    let groups = (queries.count + Self.group - 1) / Self.group
    let inner = groups == 1 ? settings.threads : 1
    return try Parallel.map(count: groups, threads: settings.threads) { number in
      let rows = number * Self.group..<min(queries.count, (number + 1) * Self.group)
      return try nearest(k, queries.rows(rows), first: rows.lowerBound, threads: inner)
    }
    .flatMap { $0 }
  }

  private func nearest(
    _ k: Int, _ queries: Vectors, first: Int, threads: Int
  ) throws -> [VectorPair] {
    let tile = LeftTile(
      queries, first..<first + queries.count, frame: screened.frame, path: settings.path)
    let bounds = SharedBuffer<Float>(
      count: queries.count * screened.blocks * blockRows, repeating: 0)
    let wanted = min(screened.rows.count, 4 * k + 32)
    let leaders = try Parallel.mapBlocks(
      count: screened.rows.count, blockSize: Self.segment, threads: threads
    ) { segment in
      bound(tile, segment, into: bounds)
      return (0..<queries.count).map { self.leading(of: $0, segment, bounds, wanted) }
    }
    return try (0..<queries.count).flatMap { query in
      let first = leaders.flatMap { $0[query] }.sorted { $0.bound > $1.bound }.prefix(wanted)
      var best = Best(k)
      for leader in first { best.add(leader.row, similarity(tile, query, leader.row)) }
      let rest = try others(
        query, tile, bounds, floor: best.worst, besides: Set(first.map(\.row)), threads: threads)
      for row in rest { best.add(row, similarity(tile, query, row)) }
      return best.sorted.map {
        VectorPair(query: tile.rows.lowerBound + query, target: $0.row, similarity: $0.similarity)
      }
    }
  }

  private struct Leader {
    var row: Int
    var bound: Float
  }

  /// Bounds of all queries for the rows of one segment. Bounds of one query lie side by side.
  private func bound(_ tile: LeftTile, _ segment: Range<Int>, into bounds: SharedBuffer<Float>) {
    let blocks = segment.lowerBound / blockRows..<(segment.upperBound + blockRows - 1) / blockRows
    let floors = (0..<tile.rows.count).map {
      tile.isDegenerate[$0] ? 0 : tile.prefixFloor($0, 0)
    }
    let count = blocks.count * blockRows
    let values = SharedBuffer<Float>(count: tile.rows.count * count, repeating: 0)
    unsafe tile.prefix.rows.withUnsafeBufferPointer { rows in
      unsafe tile.slopes.withUnsafeBufferPointer { slopes in
        unsafe floors.withUnsafeBufferPointer { floors in
          // One entry per query on the left; `values` has a place for every pair.
          let left = unsafe cvk_left(
            rows: rows.baseAddress, slopes: slopes.baseAddress, floors: floors.baseAddress,
            count: tile.rows.count)
          unsafe cvk_bounds(
            settings.path.code, left, screened.right(blocks), values.pointer(at: 0))
        }
      }
    }
    for query in 0..<tile.rows.count {
      let place = query * screened.blocks * blockRows + segment.lowerBound
      // Segments are whole blocks, so no other thread writes here.
      unsafe bounds.pointer(at: place).update(from: values.pointer(at: query * count), count: count)
    }
  }

  /// The `wanted` rows of the segment with the largest bounds, or a few more.
  private func leading(
    of query: Int, _ segment: Range<Int>, _ bounds: SharedBuffer<Float>, _ wanted: Int
  ) -> [Leader] {
    var leaders: [Leader] = []
    var floor = Self.lowestBound
    var list = [UInt32](repeating: 0, count: 1024)
    let start = query * screened.blocks * blockRows
    for piece in stride(from: segment.lowerBound, to: segment.upperBound, by: 1024) {
      let count = min(1024, segment.upperBound - piece)
      // The piece lies inside the query's bounds, and `list` has room for all of it.
      let found = unsafe cvk_collect(
        settings.path.code, bounds.pointer(at: start + piece), count, floor, &list)
      for place in list.prefix(found) {
        let row = piece + Int(place)
        let bound = bounds[start + row]
        // Rows that always get a second look have no bound to be ranked by.
        if bound < Self.highestBound { leaders.append(Leader(row: row, bound: bound)) }
      }
      if leaders.count > 2 * wanted {
        leaders.sort { $0.bound > $1.bound }
        leaders.removeLast(leaders.count - wanted)
        floor = leaders[wanted - 1].bound
      }
    }
    return leaders
  }

  /// Rows, besides the given ones, that could still reach `floor`, rising.
  private func others(
    _ query: Int, _ tile: LeftTile, _ bounds: SharedBuffer<Float>, floor: CosineSimilarity?,
    besides: Set<Int>, threads: Int
  ) throws -> [Int] {
    let start = query * screened.blocks * blockRows
    let unit = Double(screened.frame.prefixScale) * Double(screened.frame.prefixScale)
    // A bound is a product's distance from what similarity 0 would need; see `bound`.
    let lowest = floor.map {
      Float(Double($0.value) / unit - ScreenFrame.slack(depth: screened.frame.depth))
    }
    let fullFloor = tile.fullFloor(query, Double(floor?.value ?? -2))
    return try Parallel.mapBlocks(
      count: screened.rows.count, blockSize: Self.segment, threads: threads
    ) { segment -> [Int] in
      var list = [UInt32](repeating: 0, count: segment.count)
      let passed = unsafe cvk_collect(
        settings.path.code, bounds.pointer(at: start + segment.lowerBound), segment.count,
        lowest ?? Self.lowestBound, &list)
      // The query's bytes are one row of the tile; the list holds rows of the segment only.
      let kept = unsafe tile.full.rows.withUnsafeBufferPointer { rows in
        guard let bytes = rows.baseAddress else { return 0 }
        return unsafe cvk_refine(
          settings.path.code, bytes + query * tile.full.padded, tile.fullSlopes[query], fullFloor,
          screened.whole(from: segment.lowerBound), &list, passed)
      }
      return list.prefix(kept).map { segment.lowerBound + Int($0) }.filter { !besides.contains($0) }
    }
    .flatMap { $0 }
  }

  private func similarity(_ tile: LeftTile, _ query: Int, _ row: Int) -> CosineSimilarity {
    var values: [Float] = []
    vectors.append(row..<row + 1, to: &values)
    return unsafe tile.vectors.values.withUnsafeBufferPointer { left in
      unsafe values.withUnsafeBufferPointer { right in
        unsafe FixedDot.similarity(
          left, query, right, 0, width: vectors.width, path: settings.path)
      }
    }
  }
}

/// The `k` most similar rows so far, ties by row.
private struct Best {
  private let k: Int
  private(set) var sorted: [(row: Int, similarity: CosineSimilarity)] = []

  init(_ k: Int) { self.k = k }

  /// The similarity a further row must reach; nil while there is room.
  var worst: CosineSimilarity? { sorted.count < k ? nil : sorted.last?.similarity }

  mutating func add(_ row: Int, _ similarity: CosineSimilarity) {
    let place = sorted.partitioningIndex { ($0.similarity, row) < (similarity, $0.row) }
    guard place < k else { return }
    sorted.insert((row, similarity), at: place)
    if sorted.count > k { sorted.removeLast() }
  }
}

extension Array {
  /// The first place where `isAfter` holds; it must hold for all later ones too.
  fileprivate func partitioningIndex(_ isAfter: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
