/// What a join will do, known before it starts.
public struct JoinPlan: Equatable, Sendable {
  public let left: Int
  public let right: Int
  public let width: Int
  public let isWithin: Bool
  /// Coordinates of the first look.
  public let depth: Int
  /// Share of pairs that the first look is expected to leave, from a sample.
  public let survivors: Double
  /// Pieces of the right side that are held one after another; 1 where all of it fits.
  public let stretches: Int
  /// Bytes the engine will hold at most, apart from the rows' own memory.
  public let memory: Int
  /// Rows of the right side per stretch.
  let stretchRows: Int
  /// Rows of the left side per tile.
  let tileRows: Int
  /// Pairs that tiles may hold together before they are handed over.
  let pairsInFlight: Int

  /// Pairs to compare.
  public var pairs: Int { Self.pairs(left, right, isWithin: isWithin) }

  static func pairs(_ left: Int, _ right: Int, isWithin: Bool) -> Int {
    isWithin ? left * max(0, left - 1) / 2 : left * right
  }

  init(
    left: Int, right: Int, width: Int, isWithin: Bool, choice: FrameChoice, settings: ExactSettings
  ) throws {
    guard left <= UInt32.max, right <= UInt32.max else {
      throw VectorSearchError.tooManyRows(max(left, right))
    }
    self.left = left
    self.right = right
    self.width = width
    self.isWithin = isWithin
    depth = choice.frame.depth
    survivors = choice.survivors
    // Wide tiles reuse what is in the cache; narrow ones share small work between threads.
    tileRows = left > 20_000 ? 768 : 96
    let perRow = ScreenedRows.bytesPerRow(width: width, depth: depth)
    let perTile = tileRows * (width * 9 + depth * 5 + 2 * 128 + 64) + 2048 * width * 4
    let fixed = settings.threads * 2 * perTile
    // Two thirds for the right side, one third for pairs not yet handed over.
    let free = settings.memory - fixed
    let fitting = free * 2 / 3 / perRow / 16 * 16
    guard fitting >= min(right, 4096) else {
      throw VectorSearchError.memory(
        settings.memory, needed: fixed + min(right, 4096) * perRow * 3 / 2 + 1_000_000)
    }
    stretchRows = max(16, min(fitting, (right + 15) / 16 * 16))
    stretches = max(1, (right + stretchRows - 1) / stretchRows)
    pairsInFlight = max(1, (free - min(stretchRows, right) * perRow) / 48)
    memory = fixed + min(stretchRows, right) * perRow + pairsInFlight * 48
  }

  var tilesPerStretch: Int { (left + tileRows - 1) / tileRows }

  /// All tiles, over all stretches.
  public var tiles: Int { tilesPerStretch * stretches }

  /// Left rows of tile `number`, the same in every stretch.
  public func rows(ofTile number: Int) -> Range<Int> {
    let start = number % max(1, tilesPerStretch) * tileRows
    return start..<min(left, start + tileRows)
  }

  func rows(ofStretch number: Int) -> Range<Int> {
    number * stretchRows..<min(right, (number + 1) * stretchRows)
  }

  /// Pairs that tile `number` compares.
  func pairs(inTile number: Int) -> Int {
    let rows = rows(ofTile: number)
    let others = self.rows(ofStretch: number / max(1, tilesPerStretch))
    guard isWithin else { return rows.count * others.count }
    return rows.reduce(0) { $0 + max(0, others.upperBound - max(others.lowerBound, $1 + 1)) }
  }

  func pairs(before tile: Int) -> Int {
    (0..<min(tile, tiles)).reduce(0) { $0 + pairs(inTile: $1) }
  }
}
