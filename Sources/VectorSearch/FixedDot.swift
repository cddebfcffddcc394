import CVectorKernels
import Domain

/// The similarity every answer reports: products and sums in double over eight lanes, the lanes
/// added in a fixed order, then one rounding to float, and limited to -1...1.
///
/// Its value depends on the two rows alone: not on the engine, the other rows, the block, the
/// processor or the number of threads. A pair matches when this float is at or above the floor.
enum FixedDot {
  /// Row `row` of `a` with row `other` of `b`.
  /// - Precondition: both rows exist and the widths agree.
  static func similarity(
    _ a: Vectors, _ row: Int, _ b: Vectors, _ other: Int
  ) -> CosineSimilarity {
    precondition(a.width == b.width && row < a.count && other < b.count && row >= 0 && other >= 0)
    return unsafe a.values.withUnsafeBufferPointer { left in
      unsafe b.values.withUnsafeBufferPointer { right in
        unsafe similarity(left, row, right, other, width: a.width)
      }
    }
  }

  /// The same for rows of `width` values in lent memory. Both rows must lie inside it.
  static func similarity(
    _ a: UnsafeBufferPointer<Float>, _ row: Int, _ b: UnsafeBufferPointer<Float>, _ other: Int,
    width: Int, path: KernelPath = .best
  ) -> CosineSimilarity {
    guard let left = a.baseAddress, let right = b.baseAddress else { return CosineSimilarity(0) }
    let dot = unsafe cvk_dot(path.code, left + row * width, right + other * width, width)
    return CosineSimilarity(Float(min(1, max(-1, dot))))
  }

  /// The same with each of some rows of `b`, all of which must lie inside it.
  static func similarities(
    _ a: UnsafeBufferPointer<Float>, _ row: Int, _ b: UnsafeBufferPointer<Float>,
    _ others: ArraySlice<UInt32>, width: Int, path: KernelPath
  ) -> [Float] {
    guard let left = a.baseAddress, let right = b.baseAddress else { return [] }
    var dots = [Double](repeating: 0, count: others.count)
    unsafe others.withUnsafeBufferPointer { others in
      guard let list = others.baseAddress else { return }
      unsafe cvk_dots(path.code, left + row * width, right, width, list, others.count, &dots)
    }
    return dots.map { Float(min(1, max(-1, $0))) }
  }
}
