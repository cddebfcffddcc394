import Domain

/// Establishes that rows are unit vectors, which every bound and margin here rests on.
enum UnitCheck {
  /// How far from 1 a squared length may be. Rounding 512 values to float moves it by about 1e-7;
  /// half-precision files by about 1e-3.
  static let tolerance = 4e-3

  /// Names the first row that is not of length 1. `role` is a singular noun such as "row".
  static func require(_ vectors: Vectors, role: String) throws(VectorSearchError) {
    for row in 0..<vectors.count {
      let squared = vectors[row: row].reduce(0.0) { $0 + Double($1) * Double($1) }
      if abs(squared - 1) <= tolerance { continue }
      throw VectorSearchError(
        code: .notUnitVector, message: "\(role) \(row) \(complaint(squared))",
        hint: "scale vectors to length 1 and leave out those that have no direction")
    }
  }

  private static func complaint(_ squared: Double) -> String {
    if !squared.isFinite { return "holds a value that is not a finite number" }
    if squared == 0 { return "is the zero vector, which has no direction" }
    let thousandths = (1000 * squared.squareRoot()).rounded()
    return "has length \(thousandths / 1000), not 1"
  }
}
