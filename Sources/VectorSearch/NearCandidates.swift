import CVectorKernels

/// Rows that may be among the nearest of one row, by bounds that are too high by half a margin at most.
struct NearCandidates {
  private var rows: [UInt32] = []
  private var bounds: [Float] = []
  /// Rows that were rounded badly are looked at in any case.
  private var certain: [UInt32] = []
  /// A row below this is none of the nearest.
  private(set) var floor = -NearCandidates.outermost
  /// How many there may be before the worst are dropped again.
  private var room = 0

  /// Above every bound of a row that was rounded well, and below every bound of one with a direction.
  static let outermost = Float(cvk_beyond)

  /// Sets the floor by the first bounds, which are not yet among these.
  mutating func setFloor(_ k: Int, _ bounds: ArraySlice<Float>, margin: Float) {
    guard bounds.count >= k else { return }
    floor = unsafe bounds.withUnsafeBufferPointer {
      unsafe cvk_limit($0.baseAddress, bounds.count, k, margin)
    }
  }

  mutating func append(_ row: UInt32, _ bound: Float) {
    if bound >= Self.outermost {
      certain.append(row)
    } else {
      rows.append(row)
      bounds.append(bound)
    }
  }

  mutating func pruneIfFull(_ k: Int, margin: Float) {
    if rows.count > room { prune(k, margin: margin) }
  }

  mutating func prune(_ k: Int, margin: Float) {
    // Both lists hold `bounds.count` entries.
    let kept = unsafe cvk_prune(
      &bounds, &rows, bounds.count, k, margin, &floor)
    bounds.removeLast(bounds.count - kept)
    rows.removeLast(rows.count - kept)
    room = 2 * max(k, kept)
  }

  /// All of them, rising; they were appended rising.
  var inOrder: [UInt32] { certain.isEmpty ? rows : (rows + certain).sorted() }
}
