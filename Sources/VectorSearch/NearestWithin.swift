import CVectorKernels
import Domain
import Execution
import LinearAlgebra
import Synchronization

/// The nearest rows of every row of one set.
///
/// The product of two rounded rows is the same from both sides, so each is computed once and held against
/// what both rows have found so far: half the products of `NearestJoin`, for the memory of what all rows have
/// found. What may be near is looked at by `FixedDot` as soon as there is enough of it, and the k-th best so
/// far is the floor of `LeftTile.prefixFloor` from then on. Blocks of rows meet in the rounds of a
/// tournament, so that no two threads have one row.
///
/// In a round, and for a stretch that is asked for, each row is one thread's.
final class NearestWithin: Sendable {
  private let join: NearestJoin
  private let k: Int
  private let count: Int
  /// False where the nearest are chosen by products: of `listed` of them, similarities choose `k`.
  private let isExact: Bool
  private let listed: Int
  /// What a product must reach to be of use to each row; out of reach for rows that were rounded badly, and
  /// for those that fill the last block.
  private let cuts: SharedBuffer<Float>
  /// 128 times the sum of each rounded row.
  private let shifts: SharedBuffer<Float>
  /// One each: what is left out is nothing or out of every range.
  private let slopes = SharedBuffer<Float>(count: tile, repeating: 1)
  /// What a product must reach at similarity 0, by row.
  private let bases: SharedBuffer<Float>
  /// Let go of when all rows were asked for.
  private let finds: Mutex<(rows: NearFinds?, asked: Int)>
  /// Rows that were rounded badly; they may be near to any.
  private let badlyRounded: [UInt32]

  /// Rows of a block that are compared at once.
  private static let tile = 48
  /// Places for what a row finds: beyond the best, so many that looking at them is worth it.
  private static func room(_ listed: Int) -> Int { listed + listed / 2 + 64 }

  /// Nil where the memory does not hold what all rows find beside the rounded rows.
  /// - Parameter isExact: false takes what rounding took from products as nothing: of rows about as near as
  ///   the last, others may be found.
  init?(_ join: NearestJoin, _ k: Int, isExact: Bool) throws {
    let (screened, settings) = (join.screened, join.settings)
    count = screened.rows.count
    listed = isExact ? k : min(count, k + k / 8)
    let room = Self.room(listed)
    precondition(screened.padded == screened.frame.depth)
    let rounded = ScreenedRows.bytesPerRow(width: screened.frame.width, depth: screened.padded)
    guard NearFinds.bytes(count: count, room: room) <= settings.memory - count * rounded else {
      return nil
    }
    self.join = join
    self.k = k
    self.isExact = isExact
    let padded = screened.blocks * blockRows
    cuts = SharedBuffer(count: padded, repeating: NearCandidates.outermost)
    shifts = SharedBuffer(count: padded, repeating: 0)
    bases = SharedBuffer(count: padded, repeating: 0)
    finds = Mutex((NearFinds(count: count, room: room), 0))
    let (cuts, shifts, bases) = (cuts, shifts, bases)
    badlyRounded = try Parallel.mapBlocks(count: count, blockSize: 512, threads: settings.threads) {
      rows in
      let tile = LeftTile(join.vectors, rows, frame: screened.frame, path: settings.path)
      return rows.filter { row in
        let place = row - rows.lowerBound
        let shift = 128 * Float(tile.prefix.sums[place])
        let isBad = tile.prefix.errors[place] > screened.frame.errorCap
        // Each block writes its own rows.
        unsafe shifts.pointer(at: row).pointee = shift
        unsafe bases.pointer(at: row).pointee = (tile.prefixFloor(place, 0) - shift).nextDown
        if !isBad { unsafe cuts.pointer(at: row).pointee = -NearCandidates.outermost }
        return isBad
      }.map(UInt32.init)
    }.flatMap { $0 }
  }

  // MARK: comparing

  /// Compares the rows of each block, and of those that meet.
  func run(_ meetings: BlockMeetings, progress: any ProgressReporter) throws {
    guard let finds = finds.withLock({ $0.rows }) else { return }
    let threads = join.settings.threads
    // First every block with itself, which gives each row a cut.
    try Parallel.forEachBlock(count: meetings.blocks, blockSize: 1, threads: threads) { one in
      let rows = meetings.rows(one.lowerBound)
      compare(rows, rows, finds)
    }
    for (number, round) in meetings.rounds.enumerated() where !round.isEmpty {
      try Parallel.forEachBlock(count: round.count, blockSize: 1, threads: threads) { one in
        let pair = round[one.lowerBound]
        compare(meetings.rows(Int(pair.x)), meetings.rows(Int(pair.y)), finds)
      }
      progress.advance(to: count * (number + 1) / (meetings.rounds.count + 1))
      join.settings.release(join.vectors)
    }
  }

  private func compare(_ left: Range<Int>, _ right: Range<Int>, _ finds: NearFinds) {
    let first = right.lowerBound / blockRows
    let blocks = first..<(right.upperBound + blockRows - 1) / blockRows
    let width = blocks.count * blockRows
    let isOne = left == right
    var products = [Float](repeating: 0, count: Self.tile * width)
    var forward = [UInt16](repeating: 0, count: Self.tile * blocks.count)
    var backward = forward
    var list = [UInt32](repeating: 0, count: width)
    for start in stride(from: left.lowerBound, to: left.upperBound, by: Self.tile) {
      let rows = start..<min(left.upperBound, start + Self.tile)
      multiply(rows, blocks, &products)
      if isOne {
        for row in rows where cuts[row] < NearCandidates.outermost {
          let place = (row - start) * width
          setCut(row, by: products[place..<place + width])
        }
      }
      // The arrays have a place for every row of the tile and every block; the cuts for every row.
      unsafe cvk_hits(
        join.settings.path.code, products, rows.count, width, cuts.pointer(at: start),
        cuts.pointer(at: first * blockRows), &forward, &backward)
      for row in rows where cuts[row] < NearCandidates.outermost {
        let place = row - start
        let own = products[place * width..<(place + 1) * width]
        let hits = Self.list(forward, place, blocks.count, &list)
        for column in list[..<hits] {
          add(UInt32(right.lowerBound) + column, own[own.startIndex + Int(column)], to: row, finds)
        }
        if isOne { continue }
        let others = Self.list(backward, place, blocks.count, &list)
        for column in list[..<others] {
          let other = right.lowerBound + Int(column)
          add(UInt32(row), own[own.startIndex + Int(column)], to: other, finds)
        }
      }
    }
  }

  /// A first cut: no more than a row's loss both ways below the k-th largest of some products.
  private func setCut(_ row: Int, by products: ArraySlice<Float>) {
    guard products.count >= listed else { return }
    unsafe cuts.pointer(at: row).pointee = unsafe products.withUnsafeBufferPointer {
      unsafe cvk_limit($0.baseAddress, products.count, listed, margin(row))
    }
  }

  /// What a row may lie below the k-th product and be among the nearest.
  private func margin(_ row: Int) -> Float { isExact ? -2.001 * bases[row] : 0 }

  private func add(_ row: UInt32, _ product: Float, to other: Int, _ finds: NearFinds) {
    // Products with rows that were rounded badly are out of every range.
    guard product < NearCandidates.outermost else { return }
    if finds.add(row, product, to: other) { look(other, finds) }
  }

  /// Drops what is not near: by products, as long as that makes room, then by similarities.
  private func look(_ row: Int, _ finds: NearFinds) {
    var (rows, values, sure) = finds.list(row)
    var floor = -Float.infinity
    if sure == 0 {
      // Both lists hold `rows.count` entries.
      let kept = unsafe cvk_prune(&values, &rows, rows.count, listed, margin(row), &floor)
      if kept <= listed + listed / 4 {
        finds.replace(row, by: rows[..<kept], values[..<kept], sure: 0)
        raiseCut(of: row, to: floor)
        return
      }
      rows.removeLast(rows.count - kept)
      values.removeLast(values.count - kept)
    }
    decide(row, rows, values, sure, finds)
  }

  /// Replaces products by similarities and keeps the `k` best, or hardly more.
  private func decide(
    _ row: Int, _ rows: [UInt32], _ values: [Float], _ sure: Int, _ finds: NearFinds
  ) {
    var (rows, values) = (rows, values)
    values.replaceSubrange(sure..., with: similarities(row, rows[sure...]))
    var floor = -Float.infinity
    // Both lists hold `rows.count` entries.
    var kept = unsafe cvk_prune(&values, &rows, rows.count, k, 0, &floor)
    if kept > k + k / 4 {
      // Many are equal: rows decide.
      let order = (0..<kept).sorted { (values[$1], rows[$0]) < (values[$0], rows[$1]) }.prefix(k)
      (rows, values, kept) = (order.map { rows[$0] }, order.map { values[$0] }, k)
    }
    finds.replace(row, by: rows[..<kept], values[..<kept], sure: kept)
    if floor > -1 {
      let scale = Double(join.screened.frame.prefixScale)
      raiseCut(of: row, to: Float(Double(floor) / (scale * scale) + Double(bases[row])).nextDown)
    }
  }

  private func raiseCut(of row: Int, to cut: Float) {
    unsafe cuts.pointer(at: row).pointee = max(cuts[row], cut)
  }

  private func similarities(_ row: Int, _ others: ArraySlice<UInt32>) -> [Float] {
    var reader = StretchReader(join.vectors)
    reader.take([others])
    return reader.similarities(join.vectors.read(row..<row + 1), 0, others, join.settings.path)
  }

  /// Writes the places of the set bits of one row of masks; answers how many.
  private static func list(
    _ masks: [UInt16], _ row: Int, _ blocks: Int, _ out: inout [UInt32]
  ) -> Int {
    unsafe masks.withUnsafeBufferPointer { masks in
      // The list has room for every bit of a row.
      guard let start = masks.baseAddress else { return 0 }
      return unsafe cvk_list(start + row * blocks, blocks, &out)
    }
  }

  /// Products of rounded rows.
  private func multiply(_ rows: Range<Int>, _ blocks: Range<Int>, _ products: inout [Float]) {
    let screened = join.screened
    // Whole rows are rounded as those in blocks are, both over the full width.
    let left = unsafe cvk_left(
      rows: screened.full.pointer(at: rows.lowerBound * screened.padded),
      slopes: slopes.pointer(at: 0), floors: shifts.pointer(at: rows.lowerBound),
      count: rows.count)
    unsafe cvk_bounds(join.settings.path.code, left, screened.right(blocks), &products)
  }

  // MARK: deciding

  /// The nearest of some rows, queries counted from the first.
  /// - Parameter again: that they will be asked for again; when all rows were asked for once without it, what
  ///   they found is let go of.
  func nearest(of rows: [Int], again: Bool = false) throws -> [VectorPair] {
    let finds = finds.withLock { finds in
      defer {
        finds.asked += again ? 0 : rows.count
        if finds.asked == count { finds.rows = nil }
      }
      return finds.rows
    }
    guard let finds else { preconditionFailure("rows were asked for before") }
    return try Parallel.mapBlocks(
      count: rows.count, blockSize: Self.tile, threads: join.settings.threads
    ) { part in
      part.flatMap { self.nearest(rows[$0], query: $0, finds) }
    }.flatMap { $0 }
  }

  private func nearest(_ row: Int, query: Int, _ finds: NearFinds) -> [VectorPair] {
    guard cuts[row] < NearCandidates.outermost else {
      let own = join.vectors.read(row..<row + 1)
      let tile = LeftTile(own, 0..<1, frame: join.screened.frame, path: join.settings.path)
      return join.decide(k, own, join.candidates(k, of: tile), first: query)
    }
    var (rows, values, sure) = finds.list(row)
    if sure == 0 {
      var floor: Float = 0
      // Both lists hold `rows.count` entries.
      let kept = unsafe cvk_prune(&values, &rows, rows.count, listed, margin(row), &floor)
      rows.removeLast(rows.count - kept)
      values.removeLast(values.count - kept)
    }
    decide(row, rows, values, sure, finds)
    let near = finds.list(row)
    return NearestJoin.decide(
      k, query, near.rows + badlyRounded, near.values + similarities(row, badlyRounded[...]))
  }
}
