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
  private static let largestBlock = 1024
  /// Places for what a row finds: beyond the `k` best, so many that looking at them is worth it.
  private static func room(_ k: Int) -> Int { k + k / 2 + 64 }

  /// Nil where what all rows find takes more than a third of the memory.
  init?(_ join: NearestJoin, _ k: Int) throws {
    let (screened, settings) = (join.screened, join.settings)
    count = screened.rows.count
    guard screened.padded == screened.frame.depth,
      NearFinds.bytes(count: count, room: Self.room(k)) <= settings.memory / 3
    else { return nil }
    self.join = join
    self.k = k
    let padded = screened.blocks * blockRows
    cuts = SharedBuffer(count: padded, repeating: NearCandidates.outermost)
    shifts = SharedBuffer(count: padded, repeating: 0)
    bases = SharedBuffer(count: padded, repeating: 0)
    finds = Mutex((NearFinds(count: count, room: Self.room(k)), 0))
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

  /// Compares all rows.
  func run(progress: any ProgressReporter) throws {
    guard let finds = finds.withLock({ $0.rows }) else { return }
    let threads = join.settings.threads
    let size = max(64, min(Self.largestBlock, count / (8 * threads))) / blockRows * blockRows
    let blocks = (count + size - 1) / size
    @Sendable func rows(_ block: Int) -> Range<Int> {
      block * size..<min(count, (block + 1) * size)
    }
    // First every block with itself, which gives each row a cut.
    try Parallel.forEachBlock(count: blocks, blockSize: 1, threads: threads) { one in
      compare(rows(one.lowerBound), rows(one.lowerBound), finds)
    }
    let seats = blocks + blocks % 2
    for round in 0..<max(0, seats - 1) {
      try Parallel.forEachBlock(count: seats / 2, blockSize: 1, threads: threads) { one in
        let (a, b) = Self.pairing(one.lowerBound, in: round, of: seats)
        if a < blocks, b < blocks { compare(rows(a), rows(b), finds) }
      }
      progress.advance(to: count * (round + 1) / seats)
      join.settings.release(join.vectors)
    }
  }

  /// Who meets in a round of a tournament of an even number: the last stays, the others go round.
  private static func pairing(_ place: Int, in round: Int, of seats: Int) -> (Int, Int) {
    let others = seats - 1
    if place == 0 { return (round, seats - 1) }
    return ((round + place) % others, (round + others - place) % others)
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
    guard products.count >= k else { return }
    unsafe cuts.pointer(at: row).pointee = unsafe products.withUnsafeBufferPointer {
      unsafe cvk_limit($0.baseAddress, products.count, k, -2.001 * bases[row])
    }
  }

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
      let kept = unsafe cvk_prune(
        &values, &rows, rows.count, k, -2.001 * bases[row], &floor)
      if kept <= k + k / 4 {
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
    if let whole = join.vectors as? Vectors {
      return reader.similarities(whole, row, others, join.settings.path)
    }
    return reader.similarities(
      join.vectors.read(row..<row + 1), 0, others, join.settings.path)
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

  /// The nearest of some rows, queries counted from the first. A row may be asked for once.
  func nearest(of rows: Range<Int>) throws -> [VectorPair] {
    let finds = finds.withLock { finds in
      defer {
        finds.asked += rows.count
        if finds.asked == count { finds.rows = nil }
      }
      return finds.rows
    }
    guard let finds else { preconditionFailure("rows \(rows) were asked for before") }
    return try Parallel.mapBlocks(
      count: rows.count, blockSize: Self.tile, threads: join.settings.threads
    ) { part in
      part.flatMap { self.nearest(rows.lowerBound + $0, query: $0, finds) }
    }.flatMap { $0 }
  }

  private func nearest(_ row: Int, query: Int, _ finds: NearFinds) -> [VectorPair] {
    guard cuts[row] < NearCandidates.outermost else {
      let own = join.vectors.read(row..<row + 1)
      let tile = LeftTile(own, 0..<1, frame: join.screened.frame, path: join.settings.path)
      return join.decide(k, own, join.candidates(k, of: tile), first: query)
    }
    let (rows, products, sure) = finds.list(row)
    decide(row, rows, products, sure, finds)
    let (near, values, _) = finds.list(row)
    return NearestJoin.decide(
      k, query, near + badlyRounded, values + similarities(row, badlyRounded[...]))
  }
}
