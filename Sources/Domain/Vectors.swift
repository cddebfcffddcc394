/// Rows of float32: one row per image, row-major, no padding. The layout of every matrix here.
public struct Vectors: Equatable, Sendable {
  public let count: Int
  public let width: Int
  /// `count * width` values; row `r` is `values[r * width ..< (r + 1) * width]`.
  public var values: [Float]

  /// - Precondition: `values.count == count * width` and `width > 0`.
  public init(count: Int, width: Int, values: [Float]) {
    precondition(width > 0 && count >= 0 && values.count == count * width)
    self.count = count
    self.width = width
    self.values = values
  }

  /// - Precondition: every row has `width` values.
  public init(width: Int, rows: [[Float]]) {
    precondition(rows.allSatisfy { $0.count == width })
    self.init(count: rows.count, width: width, values: rows.flatMap { $0 })
  }

  public subscript(row row: Int) -> ArraySlice<Float> {
    values[row * width..<(row + 1) * width]
  }

  /// The named rows, in the order given; a row may be named twice.
  public func rows(_ chosen: some Sequence<Int>) -> Vectors {
    let picked = Array(chosen)
    var values: [Float] = []
    values.reserveCapacity(picked.count * width)
    for row in picked { values.append(contentsOf: self[row: row]) }
    return Vectors(count: picked.count, width: width, values: values)
  }
}
