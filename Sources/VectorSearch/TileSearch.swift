import CVectorKernels
import Domain

/// One tile of the left side against one stretch of the right side.
struct TileSearch {
  struct Match {
    var row: UInt32
    var similarity: Float
  }

  let tile: LeftTile
  let right: any VectorRows
  let screened: ScreenedRows
  let floor: CosineSimilarity
  let path: KernelPath
  let isWithin: Bool

  /// Blocks of the right side looked at in one go: their prefixes stay in the processor's cache.
  private static let blocksAtOnce = 128

  /// Matches of each row of the tile, by right row.
  /// - Parameter found: told how many more matches there are, piece by piece.
  func run(found: (Int) throws -> Void) throws -> [[Match]] {
    var matches = [[Match]](repeating: [], count: tile.rows.count)
    let floors = (0..<tile.rows.count).map { tile.prefixFloor($0, Double(floor.value)) }
    let fullFloors = (0..<tile.rows.count).map { tile.fullFloor($0, Double(floor.value)) }
    var masks = [UInt16](repeating: 0, count: tile.rows.count * Self.blocksAtOnce)
    var list = [UInt32](repeating: 0, count: Self.blocksAtOnce * blockRows)
    var row: [Float] = []
    for start in stride(from: firstBlock, to: screened.blocks, by: Self.blocksAtOnce) {
      let blocks = start..<min(screened.blocks, start + Self.blocksAtOnce)
      screen(blocks, floors, &masks)
      var total = 0
      for query in 0..<tile.rows.count {
        let count = survivors(query, blocks, masks, fullFloors[query], &list)
        guard count > 0 else { continue }
        let before = matches[query].count
        decide(query, list[..<count], from: start, &row, &matches[query])
        total += matches[query].count - before
      }
      try found(total)
    }
    return matches
  }

  /// Within one set, nothing left of the diagonal.
  private var firstBlock: Int {
    isWithin ? max(0, tile.rows.lowerBound - screened.rows.lowerBound) / blockRows : 0
  }

  private func screen(_ blocks: Range<Int>, _ floors: [Float], _ masks: inout [UInt16]) {
    // The left side's arrays have one entry per row of the tile, and `masks` room for all blocks.
    unsafe tile.prefix.rows.withUnsafeBufferPointer { rows in
      unsafe tile.slopes.withUnsafeBufferPointer { slopes in
        unsafe floors.withUnsafeBufferPointer { floors in
          let left = unsafe cvk_left(
            rows: rows.baseAddress, slopes: slopes.baseAddress, floors: floors.baseAddress,
            count: tile.rows.count)
          unsafe cvk_screen(path.code, left, screened.right(blocks), &masks)
        }
      }
    }
  }

  /// Rows of the right side, counted from the first of `blocks`, that the second look leaves for
  /// row `query`.
  private func survivors(
    _ query: Int, _ blocks: Range<Int>, _ masks: [UInt16], _ floor: Float, _ list: inout [UInt32]
  ) -> Int {
    unsafe masks.withUnsafeBufferPointer { masks in
      guard let start = masks.baseAddress else { return 0 }
      // `list` has room for every row of the blocks.
      let passed = unsafe cvk_list(start + query * blocks.count, blocks.count, &list)
      guard passed > 0 else { return 0 }
      return unsafe tile.full.rows.withUnsafeBufferPointer { rows in
        guard let bytes = rows.baseAddress else { return 0 }
        return unsafe cvk_refine(
          path.code, bytes + query * tile.full.padded, tile.fullSlopes[query], floor,
          screened.whole(from: blocks.lowerBound * blockRows), &list, passed)
      }
    }
  }

  /// Appends those of `list` that match by `FixedDot`.
  private func decide(
    _ query: Int, _ list: ArraySlice<UInt32>, from block: Int, _ row: inout [Float],
    _ matches: inout [Match]
  ) {
    let own = tile.rows.lowerBound + query
    for place in list {
      let other = screened.rows.lowerBound + block * blockRows + Int(place)
      if isWithin, other <= own { continue }
      row.removeAll(keepingCapacity: true)
      right.append(other..<other + 1, to: &row)
      let similarity = unsafe tile.vectors.values.withUnsafeBufferPointer { left in
        unsafe row.withUnsafeBufferPointer { right in
          unsafe FixedDot.similarity(
            left, query, right, 0, width: tile.vectors.width, path: path)
        }
      }
      if similarity >= floor {
        matches.append(Match(row: UInt32(other), similarity: similarity.value))
      }
    }
  }
}
