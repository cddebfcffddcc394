import Domain
import LinearAlgebra

/// One side of Δ, read in one pass: sums of its identities' means, and a sample of its rows.
///
/// An image goes into its identity's mean with weight 1 / images of that identity, so what has to be
/// kept is one sum per identity, or per block of identities where there are many.
struct OffsetSide {
  /// Most identities that keep a sum of their own; more share blocks, in turn.
  static let mostBlocks = 4096
  /// Bounds memory: most numbers in the blocks' sums, and in the sample.
  static let mostValues = 1 << 24
  /// Most rows kept to be scored.
  static let mostSampled = 20_000
  /// Numbers read at a time.
  private static let stretch = 1 << 18

  /// Rows kept for scoring: all, or every k-th.
  let sample: Vectors
  /// The block of each of them.
  let sampleBlocks: [Int]
  /// One row per block: its identities' mean minus the side's, scaled so that the rows' mean is zero
  /// and their scatter over the number of blocks is the noise in the side's mean.
  let deviations: Vectors
  /// Mean of group means.
  let mean: [Double]
  let summary: OffsetEstimate.Side

  var blocks: Int { deviations.count }

  init(_ rows: any VectorRows, _ groups: [Int?], name: String) throws {
    guard groups.count == rows.count else {
      throw AnalysisError(
        code: .mismatch, message: "\(groups.count) labels were given for \(rows.count) vectors")
    }
    var reading = Reading(rows, groups, leavingOut: [])
    try reading.run(name: name)
    if !reading.zeros.isEmpty {
      // The weights counted images that have no vector: read again without them.
      reading = Reading(rows, groups, leavingOut: reading.zeros)
      try reading.run(name: name)
    }
    guard reading.groups >= 2 else {
      throw AnalysisError(
        code: .tooFew,
        message: "Δ needs two identities on each side, its `\(name)` side has \(reading.groups)",
        hint: "index more images of that population")
    }
    mean = reading.mean
    deviations = reading.deviations(from: reading.mean)
    sample = Vectors(
      count: reading.sampleBlocks.count, width: rows.width, values: reading.sample)
    sampleBlocks = reading.sampleBlocks
    summary = reading.summary(deviations)
  }

  /// One pass over the rows.
  private struct Reading {
    let rows: any VectorRows
    let isLeftOut: Set<Int>
    /// 0 ..< groups per row that takes part, nil for the others.
    let labels: [Int?]
    let groups: Int
    /// Images of each group.
    let counts: [Int]
    let blocks: Int
    /// Row-major, one row per block: sums of group means.
    var sums: [Double]
    var zeros: Set<Int> = []
    var sample: [Float] = []
    var sampleBlocks: [Int] = []

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
      blocks = min(dense.count, OffsetSide.mostBlocks, max(64, OffsetSide.mostValues / rows.width))
      sums = [Double](repeating: 0, count: blocks * rows.width)
    }

    mutating func run(name: String) throws {
      let width = rows.width
      let most = max(1, min(OffsetSide.mostSampled, OffsetSide.mostValues / width))
      let step = max(1, (rows.count + most - 1) / most)
      let length = max(1, OffsetSide.stretch / width)
      var bad: [Int] = []
      var values: [Float] = []
      for start in stride(from: 0, to: rows.count, by: length) {
        let stretch = start..<min(rows.count, start + length)
        values.removeAll(keepingCapacity: true)
        rows.append(stretch, to: &values)
        for row in stretch {
          guard let label = labels[row] else { continue }
          let places = (row - start) * width..<(row - start + 1) * width
          let block = label % blocks
          let square = add(values, places, to: block, weight: 1 / Double(counts[label]))
          if !square.isFinite { bad.append(row) }
          if square == 0 { zeros.insert(row) }
          guard row % step == 0, square > 0 else { continue }
          sample.append(contentsOf: values[places])
          sampleBlocks.append(block)
        }
        if stretch.upperBound % (length * 64) == 0 { rows.release() }
      }
      rows.release()
      guard bad.isEmpty else {
        throw AnalysisError.degenerate(bad, of: rows.count, in: "vectors of Δ's `\(name)` side")
      }
    }

    /// Adds one row to a block's sum; the row's squared length, to be seen as zero or not finite.
    private mutating func add(
      _ values: [Float], _ places: Range<Int>, to block: Int, weight: Double
    ) -> Double {
      let start = block * rows.width
      let whole = places.count & ~7
      var lanes = SIMD8<Double>.zero
      unsafe sums.withUnsafeMutableBytes { sums in
        unsafe values.withUnsafeBytes { values in
          // `places` are one row of `values`, and `start` begins a row of as many sums.
          for column in stride(from: 0, to: whole, by: 8) {
            let place = 8 * (start + column)
            let eight = SIMD8<Double>(
              unsafe values.loadUnaligned(
                fromByteOffset: 4 * (places.lowerBound + column), as: SIMD8<Float>.self))
            lanes += eight * eight
            let sum = unsafe sums.loadUnaligned(fromByteOffset: place, as: SIMD8<Double>.self)
            unsafe sums.storeBytes(
              of: sum + eight * weight, toByteOffset: place, as: SIMD8<Double>.self)
          }
        }
      }
      for column in whole..<places.count {
        let value = Double(values[places.lowerBound + column])
        lanes[column - whole] += value * value
        sums[start + column] += value * weight
      }
      return lanes.sum()
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
}
