public import Domain
import Execution
import LinearAlgebra
import Synchronization

/// All pairs at or above a similarity, between two sets or within one, streamed in order.
///
/// The right side is rounded and packed, as much at once as the memory allows; the left side passes
/// by in tiles. Each tile's pairs come sorted, tiles in order, so that the whole is sorted by left row,
/// then right row, whatever the memory, the threads and the processor.
public struct ExactJoin: Sendable {
  let left: any VectorRows
  let right: any VectorRows
  /// Within one set each pair comes once, smaller row first, and no row meets itself.
  let isWithin: Bool
  let floor: CosineSimilarity
  let settings: ExactSettings
  let choice: FrameChoice
  public let plan: JoinPlan

  /// Plans the join of `left` with `right`, or of `left` with itself where `right` is nil.
  /// - Throws: `otherWidth`; `memory` where the budget cannot hold the smallest piece of work.
  public init(
    _ left: any VectorRows, _ right: (any VectorRows)?, atLeast floor: CosineSimilarity,
    settings: ExactSettings
  ) throws {
    let target = right ?? left
    guard left.width == target.width else {
      throw VectorSearchError.otherWidth(left.width, indexed: target.width)
    }
    self.left = left
    self.right = target
    isWithin = right == nil
    self.floor = floor
    self.settings = settings
    let pairs = JoinPlan.pairs(left.count, target.count, isWithin: right == nil)
    choice = try FrameChoice(
      left: right.map { _ in left }, right: target, pairs: pairs, path: settings.path,
      floors: { [Float](repeating: floor.value, count: $0.count) })
    plan = try JoinPlan(
      left: left.count, right: target.count, width: target.width, isWithin: right == nil,
      choice: choice, settings: settings)
  }

  /// Hands over the pairs of tile after tile, from tile number `first` of `plan.tiles` on, on the
  /// calling thread. Tile t holds the left rows `plan.rows(ofTile: t)` where `plan.stretches` is 1;
  /// otherwise every stretch of the right side passes over all tiles, and tiles of later stretches
  /// come after those of earlier ones.
  ///
  /// - Parameters:
  ///   - progress: told how many of `plan.pairs` are done.
  ///   - body: answers false to stop early.
  /// - Throws: `tooManyPairs` where a tile's answer would not fit into the memory; what `body` throws.
  public func run(
    from first: Int = 0, progress: (Int) -> Void = { _ in },
    body: (JoinTile) throws -> Bool
  ) throws {
    var done = plan.pairs(before: first)
    for stretch in 0..<plan.stretches {
      let skipped = max(0, first - stretch * plan.tilesPerStretch)
      guard skipped < plan.tilesPerStretch else { continue }
      let screened = try ScreenedRows(
        right, plan.rows(ofStretch: stretch), frame: choice.frame, settings: settings)
      var isStopped = false
      let inFlight = Atomic<Int>(0)
      try OrderedPipeline.run(
        items: plan.tilesPerStretch - skipped, threads: settings.threads,
        window: settings.threads * 2
      ) { item in
        try pairs(
          ofTile: skipped + item, stretch: stretch, screened, room: inFlight)
      } consume: { item, tile in
        inFlight.subtract(tile.pairs.count, ordering: .relaxed)
        done += plan.pairs(inTile: tile.number)
        progress(done)
        isStopped = try !body(tile)
        return !isStopped
      }
      if isStopped { return }
    }
  }

  /// Rows without a direction, which match nothing, counted from 0: of the left side, and of the right
  /// where that is another one. Reads every row once.
  public func rowsWithoutDirection() throws -> (left: [Int], right: [Int]) {
    (try Self.degenerate(left, settings), isWithin ? [] : try Self.degenerate(right, settings))
  }

  private static func degenerate(
    _ rows: any VectorRows, _ settings: ExactSettings
  ) throws -> [Int] {
    try Parallel.mapBlocks(count: rows.count, blockSize: 2048, threads: settings.threads) { block in
      let norms = rows.read(block).squaredNorms()
      settings.release(rows)
      return zip(block, norms).filter { $1 == 0 }.map(\.0)
    }
    .flatMap { $0 }
  }

  private func pairs(
    ofTile number: Int, stretch: Int, _ screened: ScreenedRows, room: borrowing Atomic<Int>
  ) throws -> JoinTile {
    let rows = plan.rows(ofTile: number)
    var tile = JoinTile(number: stretch * plan.tilesPerStretch + number, pairs: [])
    if isWithin, screened.rows.upperBound <= rows.lowerBound + 1 { return tile }
    let search = TileSearch(
      tile: LeftTile(left, rows, frame: choice.frame, path: settings.path), right: right,
      screened: screened, floor: floor, path: settings.path, isWithin: isWithin)
    var found = 0
    let neighbours = try search.run { count in
      found += count
      let held = room.add(count, ordering: .relaxed).newValue
      if held > plan.pairsInFlight { throw VectorSearchError.tooManyPairs(held, floor) }
    }
    tile.pairs.reserveCapacity(found)
    for (row, matches) in zip(rows, neighbours) {
      for match in matches {
        tile.pairs.append(
          JoinPair(left: UInt32(row), right: match.row, similarity: match.similarity))
      }
    }
    settings.release(left)
    settings.release(right)
    return tile
  }
}

/// Two rows found close together: 12 bytes.
public struct JoinPair: Equatable, Sendable, BitwiseCopyable {
  public var left: UInt32
  public var right: UInt32
  /// A cosine, in -1...1.
  public var similarity: Float

  public init(left: UInt32, right: UInt32, similarity: Float) {
    self.left = left
    self.right = right
    self.similarity = similarity
  }
}

/// What one tile gave.
public struct JoinTile: Equatable, Sendable {
  /// In 0..<`JoinPlan.tiles`.
  public var number: Int
  /// By left row, then right row.
  public var pairs: [JoinPair]
}
