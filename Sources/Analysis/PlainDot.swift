public import Domain

/// The similarity that searches report, written a second time and plainly, so that a recomputed one
/// can be compared to the bit.
///
/// Product `i` goes to sum `i mod 8`; products and sums are float64. Then sums `k` and `k + 4` are
/// added, of these `k` and `k + 2`, of these the two; the total is limited to -1...1 and rounded
/// once to float32.
public enum PlainDot {
  /// Of two rows of the same width.
  /// - Precondition: the widths agree.
  public static func similarity(
    _ a: ArraySlice<Float>, _ b: ArraySlice<Float>
  ) -> CosineSimilarity {
    precondition(a.count == b.count)
    var sums = [Double](repeating: 0, count: 8)
    for (place, pair) in zip(a, b).enumerated() {
      sums[place & 7] += Double(pair.0) * Double(pair.1)
    }
    let four = (0..<4).map { sums[$0] + sums[$0 + 4] }
    let total = (four[0] + four[2]) + (four[1] + four[3])
    return CosineSimilarity(Float(min(1, max(-1, total))))
  }
}
