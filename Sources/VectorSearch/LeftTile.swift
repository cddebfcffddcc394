import Domain
import LinearAlgebra

/// Some rows of the left side of a search, ready to be held against `ScreenedRows`.
struct LeftTile {
  let frame: ScreenFrame
  /// Where the rows stand in their source.
  let rows: Range<Int>
  let vectors: Vectors
  let prefix: RoundedRows
  let full: RoundedRows
  /// slope · rest + product ≥ floor is the first look, in units of scale².
  let slopes: [Float]
  let fullSlopes: [Float]
  let isDegenerate: [Bool]
  /// What the prefix leaves out of each row: r of `ScreenFrame`.
  let rests: [Float]

  init(_ source: any VectorRows, _ rows: Range<Int>, frame: ScreenFrame, path: KernelPath) {
    self.init(source.read(rows), rows, frame: frame, path: path)
  }

  init(_ vectors: Vectors, _ rows: Range<Int>, frame: ScreenFrame, path: KernelPath) {
    self.frame = frame
    self.rows = rows
    self.vectors = vectors
    let turned = frame.turned(vectors)
    prefix = RoundedRows(turned, scale: frame.prefixScale, unit: frame.unit, path: path)
    full = RoundedRows(vectors, scale: frame.fullScale, unit: ScreenedRows.unit, path: path)
    let whole = vectors.squaredNorms()
    let kept = turned.squaredNorms()
    isDegenerate = whole.map { $0 == 0 }
    let unit = Double(frame.prefixScale) * Double(frame.prefixScale)
    rests = zip(whole, kept).map { frame.rest(whole: $0, kept: $1) }
    slopes = rests.map { Float(Double(max($0, 1e-3)) / unit).nextUp }
    let fullUnit = Double(frame.fullScale) * Double(frame.fullScale)
    fullSlopes = full.lengths.map { Float(Double($0) / fullUnit).nextUp }
  }

  /// The number the first look must reach for row `row` at similarity `floor`.
  func prefixFloor(_ row: Int, _ floor: Double) -> Float {
    if isDegenerate[row] { return .infinity }
    let unit = Double(frame.prefixScale) * Double(frame.prefixScale)
    let loss =
      Double(prefix.lengths[row]) * Double(frame.errorCap)
      + Double(prefix.errors[row]) * ScreenFrame.longest + frame.defect + ScreenFrame.lastRounding
    return Float(
      (floor - loss) / unit + 128 * Double(prefix.sums[row]) - ScreenFrame.slack(depth: frame.depth)
    ).nextDown
  }

  /// The number the second look must reach for row `row` at similarity `floor`.
  func fullFloor(_ row: Int, _ floor: Double) -> Float {
    let unit = Double(frame.fullScale) * Double(frame.fullScale)
    let loss = Double(full.errors[row]) * ScreenFrame.longest + ScreenFrame.lastRounding
    return Float((floor - loss) / unit - ScreenFrame.slack(depth: full.padded)).nextDown
  }
}

extension VectorRows {
  /// A copy of some rows.
  func read(_ rows: Range<Int>) -> Vectors {
    var values: [Float] = []
    values.reserveCapacity(rows.count * width)
    append(rows, to: &values)
    return Vectors(count: rows.count, width: width, values: values)
  }
}
