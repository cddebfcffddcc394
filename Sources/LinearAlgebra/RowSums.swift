internal import CRowKernels

/// Sums over one row of floats, in double: column k in lane k % 8, so that they have the same bytes on any
/// machine.
public enum RowSums {
  /// Σ value² over a row.
  /// - Precondition: the row lies inside the values.
  public static func squaredLength(_ values: [Float], _ row: Range<Int>) -> Double {
    precondition(row.lowerBound >= 0 && row.upperBound <= values.count)
    return unsafe values.withUnsafeBufferPointer { values in
      // The row lies inside.
      unsafe values.baseAddress.map { unsafe crk_square($0 + row.lowerBound, row.count) } ?? 0
    }
  }

  /// Adds a row times `weight` to as many sums from `place` on. Returns its squared length.
  /// - Precondition: the row lies inside the values and its places inside the sums.
  public static func add(
    _ values: [Float], _ row: Range<Int>, weight: Double, to sums: inout [Double], at place: Int
  ) -> Double {
    precondition(row.lowerBound >= 0 && row.upperBound <= values.count)
    precondition(place >= 0 && place + row.count <= sums.count)
    return unsafe values.withUnsafeBufferPointer { values in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        // Both lie inside.
        guard let from = values.baseAddress, let to = sums.baseAddress else { return 0 }
        return unsafe crk_add(from + row.lowerBound, row.count, weight, to + place)
      }
    }
  }
}
