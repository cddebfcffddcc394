/// Cuts the line of numbers into bins; the outermost two have no outer end.
public struct ValueBins: Equatable, Sendable {
  /// Where one bin ends and the next begins, rising: one fewer than bins. A value on a bound belongs to
  /// the upper bin.
  public let bounds: [Double]

  /// Bins of equal width over a range, one at least; values beyond it are in the outermost.
  public init(equal count: Int, over range: ClosedRange<Double>) {
    let width = (range.upperBound - range.lowerBound) / Double(max(1, count))
    bounds = (1..<max(1, count)).map { range.lowerBound + Double($0) * width }
  }

  /// Bins that hold equal parts of a sample, between its quantiles; one at least.
  ///
  /// - Returns: nil for a sample without that many different quantiles.
  public init?(quantiles count: Int, of sample: [Double]) {
    let rising = sample.filter(\.isFinite).sorted()
    let bounds = (1..<max(1, count)).compactMap {
      Quantile.ofSorted(rising, at: Double($0) / Double(count))
    }
    guard let first = rising.first, bounds.count == max(1, count) - 1,
      zip([first] + bounds, bounds).allSatisfy({ $0 < $1 })
    else { return nil }
    self.bounds = bounds
  }

  public var count: Int { bounds.count + 1 }

  /// The bin a value is in, from 0; nil for what is no number.
  public func bin(of value: Double) -> Int? {
    value.isNaN ? nil : bounds.count { $0 <= value }
  }
}
