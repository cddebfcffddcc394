/// Counts of values in bins of equal width.
public struct Histogram: Equatable, Sendable {
  public let lowerBound: Double
  public let upperBound: Double
  /// Bin `i` holds values from `edge(i)` up to, not including, `edge(i + 1)`; the last bin includes
  /// the upper bound.
  public private(set) var counts: [Int]
  /// Values below the lower bound, above the upper bound, and NaN.
  public private(set) var outside = 0

  /// - Precondition: `bins > 0` and the bounds are finite and rising.
  public init(from lowerBound: Double, to upperBound: Double, bins: Int) {
    precondition(bins > 0 && lowerBound < upperBound && (upperBound - lowerBound).isFinite)
    self.lowerBound = lowerBound
    self.upperBound = upperBound
    counts = [Int](repeating: 0, count: bins)
  }

  /// The histogram of `values` with the given bounds.
  public init(of values: [Double], from lowerBound: Double, to upperBound: Double, bins: Int) {
    self.init(from: lowerBound, to: upperBound, bins: bins)
    for value in values { add(value) }
  }

  /// All values counted in bins.
  public var total: Int { counts.reduce(0, +) }

  /// The lower edge of bin `index`; `edge(counts.count)` is the upper bound.
  public func edge(_ index: Int) -> Double {
    lowerBound + (upperBound - lowerBound) * Double(index) / Double(counts.count)
  }

  /// Counts one value; what is not in the range is counted as outside.
  public mutating func add(_ value: Double) {
    guard value >= lowerBound && value <= upperBound else {
      outside += 1
      return
    }
    let share = (value - lowerBound) / (upperBound - lowerBound)
    counts[min(counts.count - 1, Int(share * Double(counts.count)))] += 1
  }
}
