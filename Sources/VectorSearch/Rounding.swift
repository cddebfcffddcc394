import CVectorKernels
import Domain

/// Rows rounded to 8 bits: whole numbers in -127...127 times one scale.
///
/// For a row x = x̂ + e with x̂ = scale · q, `errors` bounds |e| and `lengths` bounds |x̂|.
struct RoundedRows {
  let count: Int
  /// Bytes per row, a multiple of `unit`, the rest zero.
  let padded: Int
  var rows: [Int8]
  var errors: [Float]
  var lengths: [Float]
  var sums: [Int32]

  init(_ vectors: Vectors, scale: Float, unit: Int, path: KernelPath) {
    count = vectors.count
    padded = (vectors.width + unit - 1) / unit * unit
    rows = [Int8](repeating: 0, count: count * padded)
    errors = [Float](repeating: 0, count: count)
    lengths = errors
    sums = [Int32](repeating: 0, count: count)
    // Every array has room for `count` rows of the stated width.
    unsafe vectors.values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return }
      unsafe cvk_quantize(
        path.code, start, count, vectors.width, padded, scale, &rows, &errors, &lengths, &sums)
    }
  }
}

/// How finely rows are rounded.
enum Rounding {
  /// The scale that fits all but the few rows with the largest values, which lose more: 127 steps
  /// reach the largest value of 999 in 1,000 rows.
  static func scale(for vectors: Vectors) -> Float {
    var largest = (0..<vectors.count).map { row in
      vectors[row: row].reduce(Float(0)) { max($0, abs($1)) }
    }
    largest.sort()
    let place = min(largest.count - 1, largest.count * 999 / 1000)
    return max(place >= 0 ? largest[place] : 1, 1e-6) / 127
  }
}
