import Cryptography
public import Domain
import Execution
public import Files

/// An exact join whose finished tiles are kept beside its answer until that is written.
public struct ResumableJoin: Sendable {
  public let join: ExactJoin
  /// Where the finished tiles are kept; removed by `finish`.
  public let path: String
  private let key: [UInt8]

  /// - Parameters:
  ///   - path: a file of its own; what another join left there is dropped.
  ///   - name: says what both sides are, for example digests or names, sizes and times of files.
  public init(_ join: ExactJoin, path: String, of name: String) {
    self.join = join
    self.path = path
    let plan = join.plan
    let facts = """
      \(name)
      \(plan.left) \(plan.right) \(plan.width) \(plan.isWithin) \(plan.tileRows) \(plan.stretchRows)
      \(join.floor.value.bitPattern)
      """
    key = SHA256.digest(of: Array(facts.utf8))
  }

  /// Runs what is left of the join.
  /// - Returns: nil where an interrupt stopped it before the end; what is done is kept.
  /// - Throws: as `ExactJoin.run`; `tooManyPairs` for more than `limit`; `FilesError` where the file
  ///   cannot be written.
  public func run(
    progress: any ProgressReporter = SilentProgress(), limit: Int = .max
  ) throws -> JoinAnswer? {
    var journal = try JoinJournal(path: path, key: key)
    let resumed = journal.tiles.count
    let file = try journal.writer()
    var taken = journal.tiles.reduce(0) { $0 + $1.count }
    progress.begin("comparing", total: join.plan.pairs, unit: "pairs")
    progress.advance(to: join.plan.pairs(before: resumed))
    try join.run(from: resumed) {
      progress.advance(to: $0)
    } body: { tile in
      try JoinJournal.write(tile, to: file)
      journal.note(tile)
      taken += tile.pairs.count
      if taken > limit { throw VectorSearchError.tooManyPairs(limit, join.floor) }
      return !Interrupts.requested
    }
    let isComplete = journal.tiles.count == join.plan.tiles
    progress.end(isComplete ? nil : "stopped; the same command goes on from here")
    guard isComplete else { return nil }
    return JoinAnswer(
      journal: journal, file: try MappedFile(path), plan: join.plan, resumedTiles: resumed)
  }

  /// Removes the kept tiles. Called when the answer is written.
  public func finish() throws(FilesError) { try FileSystem.remove(path) }
}

/// The pairs of a finished join, on the disk.
public struct JoinAnswer: Sendable {
  let journal: JoinJournal
  let file: MappedFile
  let plan: JoinPlan
  /// Tiles that were done before this run.
  public let resumedTiles: Int

  /// How many pairs there are.
  public var count: Int { journal.tiles.reduce(0) { $0 + $1.count } }

  /// Pieces the pairs come in.
  public var pieces: Int { plan.tilesPerStretch }

  /// The pairs of one piece by left row, then right row; pieces follow one another in that order too.
  /// - Precondition: `piece` is in `0..<pieces`.
  public func pairs(inPiece piece: Int) -> [JoinPair] {
    var pairs: [JoinPair] = []
    for stretch in 0..<plan.stretches {
      pairs += journal.pairs(of: stretch * plan.tilesPerStretch + piece, in: file)
    }
    if plan.stretches > 1 { pairs.sort { ($0.left, $0.right) < ($1.left, $1.right) } }
    file.release()
    return pairs
  }
}
