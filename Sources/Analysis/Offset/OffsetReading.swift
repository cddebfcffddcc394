import Domain
import Execution
import LinearAlgebra

/// One pass over the rows of a side of Δ. Each thread takes the rows of its own blocks, in order, so
/// that sums have the same bytes on any number of threads.
struct OffsetReading {
  /// Most numbers copied at a time; few enough to stay in a processor's cache.
  private static let stretch = 1 << 15
  /// Numbers read before what is mapped is let go of.
  private static let mostHeld = 1 << 24

  let rows: any VectorRows
  let isLeftOut: Set<Int>
  /// 0 ..< groups per row that takes part, nil for the others.
  let labels: [Int?]
  let groups: Int
  /// Images of each group.
  let counts: [Int]
  let blocks: Int
  /// Row-major, one row per block: sums of group means.
  private(set) var sums: [Double] = []
  private(set) var zeros: Set<Int> = []
  private(set) var sample: [Float] = []
  private(set) var sampleBlocks: [Int] = []

  init(_ rows: any VectorRows, _ given: [Int?], leavingOut zeros: Set<Int>) {
    self.rows = rows
    isLeftOut = zeros
    let used = zeros.isEmpty ? Array(given.indices) : given.indices.filter { !zeros.contains($0) }
    let dense = DenseLabels(used.map { given[$0] })
    var labels = [Int?](repeating: nil, count: given.count)
    var counts = [Int](repeating: 0, count: dense.count)
    for (place, row) in used.enumerated() {
      labels[row] = dense.labels[place]
      counts[dense.labels[place]] += 1
    }
    (self.labels, self.counts, groups) = (labels, counts, dense.count)
    blocks = min(
      dense.count, OffsetSide.mostBlocks, max(64, OffsetSide.mostValues / rows.width))
  }

  /// - Parameter advance: is told now and then how many rows are done, by one thread.
  mutating func run(name: String, threads: Int, advance: @Sendable (Int) -> Void) throws {
    let parts = max(1, min(threads, blocks))
    let shares = try Parallel.map(count: parts, threads: parts) { [self] part in
      share(part, of: parts) { if part == 0 { advance($0) } }
    }
    advance(rows.count)
    rows.release()
    let bad = shares.flatMap(\.bad).sorted()
    guard bad.isEmpty else {
      throw AnalysisError.degenerate(bad, of: rows.count, in: "vectors of Δ's `\(name)` side")
    }
    zeros = Set(shares.flatMap(\.zeros))
    let width = rows.width
    sums.reserveCapacity(blocks * width)
    for block in 0..<blocks {
      let place = block / parts * width
      sums += shares[block % parts].sums[place..<place + width]
    }
    let sampled = shares.enumerated().flatMap { part, share in
      share.sampledRows.enumerated().map { (row: $1, part: part, place: $0 * width) }
    }
    sample.reserveCapacity(sampled.count * width)
    for (row, part, place) in sampled.sorted(by: { $0.row < $1.row }) {
      sample += shares[part].sample[place..<place + width]
      sampleBlocks.append((labels[row] ?? 0) % blocks)
    }
  }

  /// What one thread finds.
  private struct Share {
    /// One row for each of its blocks.
    var sums: [Double]
    var zeros: [Int] = []
    var bad: [Int] = []
    var sample: [Float] = []
    var sampledRows: [Int] = []
  }

  /// Every so many-th row is kept for the sample.
  private var step: Int {
    let most = max(1, min(OffsetSide.mostSampled, OffsetSide.mostValues / rows.width))
    return max(1, (rows.count + most - 1) / most)
  }

  /// Of the blocks `part`, `part` + `parts`, … all rows.
  private func share(_ part: Int, of parts: Int, advance: (Int) -> Void) -> Share {
    let width = rows.width
    let length = max(1, Self.stretch / width)
    var share = Share(
      sums: [Double](repeating: 0, count: (blocks - part + parts - 1) / parts * width))
    share.sample.reserveCapacity((rows.count / step / parts + 1) * width)
    var values: [Float] = []
    values.reserveCapacity(length * width)
    var (read, held) = (0, 0)
    func isOwn(_ row: Int) -> Bool { labels[row].map { $0 % blocks % parts == part } ?? false }
    var start = 0
    while start < rows.count {
      guard isOwn(start) else {
        start += 1
        continue
      }
      var end = start + 1
      while end < rows.count, end - start < length, isOwn(end) { end += 1 }
      values.removeAll(keepingCapacity: true)
      rows.append(start..<end, to: &values)
      take(start..<end, values, parts: parts, into: &share)
      start = end
      read += values.count
      guard read >= Self.stretch else { continue }
      advance(start)
      held += read
      read = 0
      guard held >= Self.mostHeld else { continue }
      rows.release()
      held = 0
    }
    return share
  }

  /// Adds consecutive rows of one part.
  private func take(
    _ stretch: Range<Int>, _ values: [Float], parts: Int, into share: inout Share
  ) {
    let (width, step) = (rows.width, step)
    for row in stretch {
      guard let label = labels[row] else { continue }
      let place = (row - stretch.lowerBound) * width
      let square = RowSums.add(
        values, place..<place + width, weight: 1 / Double(counts[label]), to: &share.sums,
        at: label % blocks / parts * width)
      if !square.isFinite { share.bad.append(row) }
      if square == 0 { share.zeros.append(row) }
      guard row % step == 0, square > 0 else { continue }
      share.sample.append(contentsOf: values[place..<place + width])
      share.sampledRows.append(row)
    }
  }

  var mean: [Double] {
    var mean = [Double](repeating: 0, count: rows.width)
    for block in 0..<blocks {
      for column in mean.indices { mean[column] += sums[block * rows.width + column] }
    }
    return mean.map { $0 / Double(groups) }
  }

  func deviations(from mean: [Double]) -> Vectors {
    let scale = Double(blocks) / Double(groups)
    var values: [Float] = []
    values.reserveCapacity(sums.count)
    for block in 0..<blocks {
      let members = Double((groups - block + blocks - 1) / blocks)
      for column in mean.indices {
        values.append(
          Float(scale * (sums[block * rows.width + column] - members * mean[column])))
      }
    }
    return Vectors(count: blocks, width: rows.width, values: values)
  }

  func summary(_ deviations: Vectors) -> OffsetEstimate.Side {
    let squares = deviations.squaredNorms().reduce(0, +)
    // A block's mean of k identities scatters by 1/k.
    let spread = squares / Double(blocks) * Double(groups) / Double(blocks)
    let weights = counts.reduce(0) { $0 + 1 / Double($1) }
    return OffsetEstimate.Side(
      images: counts.reduce(0, +), leftOut: isLeftOut.sorted(), identities: groups,
      fewestImages: counts.min() ?? 0, mostImages: counts.max() ?? 0,
      effectiveImages: Double(groups) * Double(groups) / weights, spread: spread.squareRoot())
  }
}
