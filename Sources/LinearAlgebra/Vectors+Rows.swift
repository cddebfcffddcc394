public import Domain

/// Rows scaled to length 1, and the rows that could not be.
public struct UnitRows: Equatable, Sendable {
  /// Unit vectors; degenerate rows are all zero.
  public var vectors: Vectors
  /// The rows with length zero or with a value that is not finite, rising.
  public var degenerate: [Int]
}

extension Vectors {
  /// Every row's Euclidean length, summed in double. A row with NaN gives NaN, with infinity infinity.
  /// Fixed order: the same bytes on any number of threads.
  public func norms() -> [Double] {
    (0..<count).map { self.squaredNorm(ofRow: $0).squareRoot() }
  }

  /// Every row's squared length, by `RowSums`. Fixed order: the same bytes on any machine.
  public func squaredNorms() -> [Double] {
    return (0..<count).map { RowSums.squaredLength(values, $0 * width..<($0 + 1) * width) }
  }

  /// Every row at length 1, by `UnitScale`. Rows that have no length (zero, or with a value that is not
  /// finite) are zeros and named. Fixed order: the same bytes on any number of threads.
  public func unitRows() -> UnitRows {
    var values = self.values
    let degenerate = UnitScale.apply(to: &values, from: 0, width: width)
    return UnitRows(
      vectors: Vectors(count: count, width: width, values: values), degenerate: degenerate)
  }

  /// The mean of all rows, summed in double in row order; zeros when there is no row.
  /// Fixed order: the same bytes on any number of threads.
  public func mean() -> [Float] {
    guard count > 0 else { return [Float](repeating: 0, count: width) }
    var sums = [Double](repeating: 0, count: width)
    for row in 0..<count {
      _ = RowSums.add(values, row * width..<(row + 1) * width, weight: 1, to: &sums, at: 0)
    }
    return sums.map { Float($0 / Double(count)) }
  }

  /// The rows in which some value is NaN or infinite, rising.
  public func rowsNotFinite() -> [Int] {
    (0..<count).filter { !squaredNorm(ofRow: $0).isFinite }
  }

  /// The sum of squares of one row in double; cannot overflow for finite floats.
  func squaredNorm(ofRow row: Int) -> Double {
    let values = values.span
    var sum = 0.0
    for place in row * width..<(row + 1) * width {
      let value = Double(values[place])
      sum += value * value
    }
    return sum
  }
}
