import Domain

/// The similarity every answer reports: products and sums in double over eight lanes, the lanes
/// added in a fixed order, then one rounding to float, and limited to -1...1.
///
/// Its value depends on the two rows alone: not on the search library, the other rows, the block
/// or the number of threads.
enum FixedDot {
  /// Row `row` of `a` with row `other` of `b`.
  /// - Precondition: both rows exist and the widths agree.
  static func similarity(
    _ a: Vectors, _ row: Int, _ b: Vectors, _ other: Int
  ) -> CosineSimilarity {
    precondition(a.width == b.width && row < a.count && other < b.count && row >= 0 && other >= 0)
    let dot = dot(a.values.span, row * a.width, b.values.span, other * a.width, a.width)
    return CosineSimilarity(Float(min(1, max(-1, dot))))
  }

  private static func dot(
    _ a: Span<Float>, _ aStart: Int, _ b: Span<Float>, _ bStart: Int, _ count: Int
  ) -> Double {
    // A float has no padding; the loads are bounds-checked, and every bit pattern is a float.
    let left = unsafe a.bytes
    let right = unsafe b.bytes
    var lanes = SIMD8<Double>.zero
    let whole = count & ~7
    for place in stride(from: 0, to: whole, by: 8) {
      let x = unsafe left.unsafeLoadUnaligned(
        fromByteOffset: 4 * (aStart + place), as: SIMD8<Float>.self)
      let y = unsafe right.unsafeLoadUnaligned(
        fromByteOffset: 4 * (bStart + place), as: SIMD8<Float>.self)
      lanes += SIMD8<Double>(x) * SIMD8<Double>(y)
    }
    for place in whole..<count {
      lanes[place & 7] += Double(a[aStart + place]) * Double(b[bStart + place])
    }
    let four = lanes.lowHalf + lanes.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}
