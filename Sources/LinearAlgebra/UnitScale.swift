/// Scales rows to length 1.
public enum UnitScale {
  /// Rows whose squared length is this close to 1 are unit vectors already and keep their bytes:
  /// rounding 512 values to float moves it by about 1e-7.
  public static let tolerance = 1e-6

  /// Divides the rows from value `start` on by their length (`RowSums`) and rounds each value once. A
  /// row that has no length (zero, or with a value that is not finite) becomes zeros and is named, counted
  /// from the first of these rows. The same bytes on any machine.
  /// - Precondition: whole rows of `width` values follow `start`.
  @discardableResult
  public static func apply(to values: inout [Float], from start: Int, width: Int) -> [Int] {
    precondition(width > 0 && (values.count - start) % width == 0)
    var degenerate: [Int] = []
    for row in 0..<(values.count - start) / width {
      let places = start + row * width..<start + (row + 1) * width
      let squared = RowSums.squaredLength(values, places)
      if abs(squared - 1) <= tolerance { continue }
      let length = squared.squareRoot()
      let isUsable = length.isFinite && length > 0
      if !isUsable { degenerate.append(row) }
      var span = values.mutableSpan
      for place in places { span[place] = isUsable ? Float(Double(span[place]) / length) : 0 }
    }
    return degenerate
  }
}
