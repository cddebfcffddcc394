/// Rows of unit vectors that are copied out stretch by stretch: a set that need not fit in memory.
public protocol VectorRows: Sendable {
  var count: Int { get }
  var width: Int { get }
  /// Appends the rows of `stretch`, `width` values each: of length 1, or all zero where the stored
  /// vector has no direction (it is zero or holds a value that is not finite). The same bytes every
  /// time; called from several threads at once.
  /// - Precondition: the rows exist.
  func append(_ stretch: Range<Int>, to values: inout [Float])
  /// Lets go of memory that can be read again. Called now and then during long work.
  func release()
}

extension Vectors: VectorRows {
  public func append(_ stretch: Range<Int>, to values: inout [Float]) {
    values.append(contentsOf: self.values[stretch.lowerBound * width..<stretch.upperBound * width])
  }

  /// Does nothing: the rows are in memory.
  public func release() {}
}
