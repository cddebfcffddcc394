import Domain
import LinearAlgebra

/// Chooses the frame of a search by trying depths on a sample: more coordinates cost more for every
/// pair and leave fewer pairs for the second look.
struct FrameChoice {
  let frame: ScreenFrame
  /// Share of pairs that the first look is expected to leave.
  let survivors: Double

  /// Rows looked at.
  private static let sampleSize = 8192
  private static let queries = 256
  private static let targets = 4096

  /// - Parameters:
  ///   - left: rows like those that will be asked for; nil where they are those of `right`.
  ///   - pairs: how many pairs will be compared; few do not repay finding axes.
  ///   - floor: gives the similarity from which on a pair matters, for each of some sampled rows.
  init(
    left: (any VectorRows)?, right: any VectorRows, pairs: Int, path: KernelPath,
    floors: (Vectors) throws -> [Float]
  ) throws {
    let width = right.width
    let sample = Self.sample(right, Self.sampleSize)
    guard pairs > 50 * width * width, sample.count >= 512, width >= 32, width <= 4096 else {
      frame = ScreenFrame(axes: nil, depth: width, sample: sample, path: path)
      survivors = 1e-4
      return
    }
    // Axes always fit the rows they were found on better than others: the trial is held on others.
    let lefts = left.map { Self.sample($0, sample.count, exactly: true) }
    let fitted = Self.half(sample, 0)
    let axes = try EnergyAxes.fit(lefts.map { fitted.appending(Self.half($0, 0)) } ?? fitted)
    let queries = Self.sample(Self.half(lefts ?? sample, 1), Self.queries)
    let trial = DepthTrial(
      queries: ScreenFrame.turned(queries, by: axes),
      targets: ScreenFrame.turned(Self.sample(Self.half(sample, 1), Self.targets), by: axes),
      floors: try floors(queries))
    let best = trial.best()
    frame = ScreenFrame(
      axes: best.depth < width ? axes : nil, depth: best.depth, sample: sample, path: path)
    survivors = best.survivors
  }

  /// Every second row, from `start` on.
  private static func half(_ rows: Vectors, _ start: Int) -> Vectors {
    rows.rows(stride(from: start, to: rows.count, by: 2))
  }

  /// Some of `count` rows, spread evenly.
  static func places(_ size: Int, of count: Int) -> [Int] { (0..<size).map { $0 * count / size } }

  /// Rows spread evenly over the source; those without a direction are left out unless an exact number
  /// is wanted.
  static func sample(_ source: any VectorRows, _ size: Int, exactly: Bool = false) -> Vectors {
    let count = exactly ? size : min(size, source.count)
    var values: [Float] = []
    values.reserveCapacity(count * source.width)
    for row in places(count, of: source.count) where source.count > 0 {
      source.append(row..<row + 1, to: &values)
      if !exactly, !values.suffix(source.width).contains(where: { $0 != 0 }) {
        values.removeLast(source.width)
      }
    }
    // Rows far apart touch much more of a large file than they hold.
    if source.count * source.width > 1 << 26 { source.release() }
    return Vectors(count: values.count / source.width, width: source.width, values: values)
  }
}

extension Vectors {
  /// These rows, then `others`.
  fileprivate func appending(_ others: Vectors) -> Vectors {
    Vectors(count: count + others.count, width: width, values: values + others.values)
  }
}

/// What different depths would cost on sampled rows.
private struct DepthTrial {
  let queries: Vectors
  let targets: Vectors
  let floors: [Float]

  /// Cycles for 64 products of the first look, for its comparison, and for a second look: measured on
  /// an AVX-512 machine; elsewhere both looks are slower alike.
  private static let cycles = (product: 1.2, comparison: 0.4, second: 80.0)
  /// What rounding to 8 bits adds to a bound, about.
  private static let roundingLoss: Float = 0.012

  func best() -> (depth: Int, survivors: Double) {
    let width = queries.width
    var products = [Float](repeating: 0, count: queries.count * targets.count)
    var kept = (
      [Float](repeating: 0, count: queries.count), [Float](repeating: 0, count: targets.count)
    )
    var best = (depth: width, survivors: 1e-4, cost: cost(width, 1e-4))
    var depth = 0
    while depth < width {
      let next = min(width, depth + (depth < 128 ? 16 : 32))
      add(depth..<next, to: &products, &kept)
      depth = next
      let share = survivors(products, kept)
      let price = cost(depth, share)
      if depth < width, depth % 4 == 0, price < best.cost { best = (depth, share, price) }
      // Deeper looks cost more than the best in any case.
      if cost(depth, 0) > best.cost { break }
    }
    return (best.depth, best.survivors)
  }

  private func cost(_ depth: Int, _ survivors: Double) -> Double {
    Double(depth) / 64 * Self.cycles.product + Self.cycles.comparison
      + survivors * Self.cycles.second
  }

  private func add(
    _ columns: Range<Int>, to products: inout [Float], _ kept: inout ([Float], [Float])
  ) {
    let left = Self.columns(queries, columns)
    let right = Self.columns(targets, columns)
    for (place, value) in left.similarities(to: right).enumerated() { products[place] += value }
    for (row, value) in left.squaredNorms().enumerated() { kept.0[row] += Float(value) }
    for (row, value) in right.squaredNorms().enumerated() { kept.1[row] += Float(value) }
  }

  private func survivors(_ products: [Float], _ kept: ([Float], [Float])) -> Double {
    let rests = kept.1.map { max(0, 1 - $0).squareRoot() }
    var count = 0
    for query in 0..<queries.count {
      let rest = max(0, 1 - kept.0[query]).squareRoot()
      let floor = floors[query] - Self.roundingLoss
      let start = query * targets.count
      for target in 0..<targets.count where products[start + target] + rest * rests[target] >= floor
      { count += 1 }
    }
    return Double(count) / Double(max(1, products.count))
  }

  private static func columns(_ rows: Vectors, _ range: Range<Int>) -> Vectors {
    var values: [Float] = []
    values.reserveCapacity(rows.count * range.count)
    for row in 0..<rows.count {
      let start = row * rows.width
      values += rows.values[start + range.lowerBound..<start + range.upperBound]
    }
    return Vectors(count: rows.count, width: range.count, values: values)
  }
}
