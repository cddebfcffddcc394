import CVectorKernels
import Domain
import Execution
import LinearAlgebra

/// The nearest rows of every row of one set.
///
/// The product of two rounded rows is the same from both sides, so each is computed once and held against
/// what both rows have found so far: half the products of `NearestJoin`, whose bounds and answers these
/// are, for the memory of all rows' candidates at once. Blocks of rows meet in the rounds of a tournament,
/// so that no two threads have one row.
///
/// `@unchecked Sendable`: in a round, and for a stretch that is asked for, each row is one thread's.
@safe final class NearestWithin: @unchecked Sendable {
  private let join: NearestJoin
  private let k: Int
  private let count: Int
  /// What a product must reach to be of use to each row; out of reach for rows that were rounded badly, and
  /// for those that fill the last block.
  private let cuts: SharedBuffer<Float>
  /// 128 times the sum of each rounded row.
  private let shifts: SharedBuffer<Float>
  private let slopes: SharedBuffer<Float>
  private let margins: SharedBuffer<Float>
  /// Owned: one per row, freed in `deinit`.
  private let candidates: UnsafeMutablePointer<NearCandidates>
  /// Rows that were rounded badly; they may be near to any.
  private let badlyRounded: [UInt32]

  /// Rows of a block that are compared at once.
  private static let tile = 48
  private static let largestBlock = 1024
  /// Rows whose candidates are counted to tell how many there will be.
  private static let sampled = 96

  /// Nil where all rows' candidates take more than a quarter of the memory.
  init?(_ join: NearestJoin, _ k: Int) throws {
    let (screened, settings) = (join.screened, join.settings)
    count = screened.rows.count
    guard screened.padded == screened.frame.depth,
      Self.bytes(join, k) <= settings.memory / 4
    else { return nil }
    self.join = join
    self.k = k
    let padded = screened.blocks * blockRows
    cuts = SharedBuffer(count: padded, repeating: NearCandidates.outermost)
    shifts = SharedBuffer(count: padded, repeating: 0)
    slopes = SharedBuffer(count: padded, repeating: 1)
    margins = SharedBuffer(count: padded, repeating: 0)
    unsafe candidates = .allocate(capacity: max(1, count))
    unsafe candidates.initialize(repeating: NearCandidates(), count: count)
    let (cuts, shifts, margins) = (cuts, shifts, margins)
    badlyRounded = try Parallel.mapBlocks(count: count, blockSize: 512, threads: settings.threads) {
      rows in
      let tile = LeftTile(join.vectors, rows, frame: screened.frame, path: settings.path)
      return rows.filter { row in
        let place = row - rows.lowerBound
        // Each block writes its own rows.
        unsafe shifts.pointer(at: row).pointee = 128 * Float(tile.prefix.sums[place])
        unsafe margins.pointer(at: row).pointee = NearestJoin.margin(tile, place)
        let isBad = tile.prefix.errors[place] > screened.frame.errorCap
        if !isBad { unsafe cuts.pointer(at: row).pointee = -NearCandidates.outermost }
        return isBad
      }.map(UInt32.init)
    }.flatMap { $0 }
  }

  deinit {
    unsafe candidates.deinitialize(count: count)
    unsafe candidates.deallocate()
  }

  /// About what all candidates take, by those of some rows.
  private static func bytes(_ join: NearestJoin, _ k: Int) -> Int {
    let count = join.vectors.count
    var values: [Float] = []
    for row in stride(from: 0, to: count, by: max(1, count / sampled)) {
      join.vectors.append(row..<row + 1, to: &values)
    }
    let width = join.vectors.width
    let sample = Vectors(count: values.count / width, width: width, values: values)
    let tile = LeftTile(
      sample, 0..<sample.count, frame: join.screened.frame, path: join.settings.path)
    let kept = join.candidates(k, of: tile).reduce(0) { $0 + $1.count } / max(1, sample.count)
    return count * (64 + 20 * max(k, kept))
  }

  // MARK: comparing

  /// Compares all rows.
  func run(progress: any ProgressReporter) throws {
    let threads = join.settings.threads
    let size = max(64, min(Self.largestBlock, count / (8 * threads))) / blockRows * blockRows
    let blocks = (count + size - 1) / size
    @Sendable func rows(_ block: Int) -> Range<Int> {
      block * size..<min(count, (block + 1) * size)
    }
    // First every block with itself, which gives each row a cut.
    try Parallel.forEachBlock(count: blocks, blockSize: 1, threads: threads) { one in
      compare(rows(one.lowerBound), rows(one.lowerBound))
    }
    let seats = blocks + blocks % 2
    for round in 0..<max(0, seats - 1) {
      try Parallel.forEachBlock(count: seats / 2, blockSize: 1, threads: threads) { one in
        let (a, b) = Self.pairing(one.lowerBound, in: round, of: seats)
        if a < blocks, b < blocks { compare(rows(a), rows(b)) }
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

  private func compare(_ left: Range<Int>, _ right: Range<Int>) {
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
          unsafe candidates[row].setFloor(k, products[place..<place + width], margin: margins[row])
          unsafe cuts.pointer(at: row).pointee = candidates[row].floor
        }
      }
      // The arrays have a place for every row of the tile and every block; the cuts for every row.
      unsafe cvk_hits(
        join.settings.path.code, products, rows.count, width, cuts.pointer(at: start),
        cuts.pointer(at: first * blockRows), &forward, &backward)
      for row in rows where cuts[row] < NearCandidates.outermost {
        let place = row - start
        let own = products[place * width..<(place + 1) * width]
        let found = Self.list(forward, place, blocks.count, &list)
        for column in list[..<found] {
          add(UInt32(right.lowerBound) + column, own[own.startIndex + Int(column)], to: row)
        }
        prune(row)
        if isOne { continue }
        let seen = Self.list(backward, place, blocks.count, &list)
        for column in list[..<seen] {
          let other = right.lowerBound + Int(column)
          add(UInt32(row), own[own.startIndex + Int(column)], to: other)
          prune(other)
        }
      }
    }
  }

  private func add(_ row: UInt32, _ product: Float, to other: Int) {
    // Products with rows that were rounded badly are out of every range.
    if product < NearCandidates.outermost { unsafe candidates[other].append(row, product) }
  }

  private func prune(_ row: Int) {
    if unsafe candidates[row].pruneIfFull(k, margin: margins[row]) {
      unsafe cuts.pointer(at: row).pointee = candidates[row].floor
    }
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
      slopes: slopes.pointer(at: rows.lowerBound), floors: shifts.pointer(at: rows.lowerBound),
      count: rows.count)
    unsafe cvk_bounds(join.settings.path.code, left, screened.right(blocks), &products)
  }

  // MARK: deciding

  /// The nearest of some rows, queries counted from the first. A row may be asked for once.
  func nearest(of rows: Range<Int>) throws -> [VectorPair] {
    try Parallel.mapBlocks(
      count: rows.count, blockSize: 2 * Self.tile, threads: join.settings.threads
    ) { part in
      var values: [Float] = []
      self.join.vectors.append(
        rows.lowerBound + part.lowerBound..<rows.lowerBound + part.upperBound, to: &values)
      let queries = Vectors(count: part.count, width: self.join.vectors.width, values: values)
      let lists = part.map { self.taken(rows.lowerBound + $0, queries, $0 - part.lowerBound) }
      return self.join.decide(self.k, queries, lists, first: part.lowerBound)
    }.flatMap { $0 }
  }

  /// The candidates of a row, rising; it has none from then on.
  private func taken(_ row: Int, _ queries: Vectors, _ query: Int) -> [UInt32] {
    guard cuts[row] < NearCandidates.outermost else {
      let frame = join.screened.frame
      let tile = LeftTile(
        queries.rows(query..<query + 1), query..<query + 1, frame: frame, path: join.settings.path)
      return join.candidates(k, of: tile)[0]
    }
    unsafe candidates[row].prune(k, margin: margins[row])
    let rows = unsafe candidates[row].rows
    precondition(!rows.isEmpty || count == badlyRounded.count)
    unsafe candidates[row] = NearCandidates()
    return (rows + badlyRounded).sorted()
  }
}
