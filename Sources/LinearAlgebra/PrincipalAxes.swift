public import Domain

/// The orthonormal directions in which vectors vary most.
public struct PrincipalAxes: Equatable, Sendable {
  /// The mean that is subtracted before projecting.
  public let mean: [Float]
  /// One unit vector per row, by falling variance. The value of largest magnitude in each (the first
  /// of equals) is positive, which fixes the sign.
  public let axes: Vectors
  /// The variance along each axis (sum of squares / (rows - 1)), falling, never negative.
  public let variances: [Float]

  /// The first `count` axes of `vectors`, fewer where rows - 1 or the width are fewer.
  ///
  /// Eigenvectors of the covariance, or of the Gram matrix where there are fewer rows than columns.
  /// Directions without variance are left out, so identical rows give no axis. Goes through sgemm
  /// and ssyevd: bytes repeat as stated at `Vectors.similarities(to:)`.
  /// - Throws: `LinearAlgebraError.empty` for fewer than two rows, `.notFinite` naming rows.
  public static func fit(_ vectors: Vectors, count: Int) throws -> PrincipalAxes {
    try check(vectors)
    let mean = vectors.mean()
    let centred = vectors.subtracting(mean)
    let byColumn = vectors.width <= vectors.count
    let matrix = byColumn ? Product.gramOfColumns(centred) : Product.transposed(centred, centred)
    let size = byColumn ? vectors.width : vectors.count
    let eigen = try SymmetricEigen(of: matrix, size: size)
    // Below this share of the largest, an eigenvalue in float32 is rounding noise.
    let floor = max(eigen.values[0], 0) * Float(size) * Float.ulpOfOne
    let wanted = min(count, vectors.count - 1, vectors.width)
    let kept = eigen.values.prefix(wanted).prefix { $0 > floor }.count
    let chosen = eigen.vectors.rows(0..<kept)
    let axes = byColumn ? chosen : chosen.multiplied(by: centred).unitRows().vectors
    return PrincipalAxes(
      mean: mean, axes: axes.withFixedSigns(),
      variances: eigen.values.prefix(kept).map { $0 / Float(vectors.count - 1) })
  }

  /// The coordinates of each row on the axes: `vectors.count` × `max(axes.count, 1)`; a single column
  /// of zeros where there is no axis.
  /// - Precondition: `vectors` has the width the axes were fitted on.
  public func project(_ vectors: Vectors) -> Vectors {
    precondition(vectors.width == mean.count)
    guard axes.count > 0 else {
      return Vectors(
        count: vectors.count, width: 1, values: [Float](repeating: 0, count: vectors.count))
    }
    let centred = vectors.subtracting(mean)
    return Vectors(
      count: vectors.count, width: axes.count, values: Product.transposed(centred, axes))
  }

  private static func check(_ vectors: Vectors) throws {
    guard vectors.count >= 2 else {
      throw LinearAlgebraError(
        code: .empty, message: "principal axes need two vectors, there are \(vectors.count)",
        hint: nil)
    }
    let bad = vectors.rowsNotFinite()
    guard let first = bad.first else { return }
    throw LinearAlgebraError(
      code: .notFinite,
      message: "\(bad.count) of \(vectors.count) vectors hold NaN or infinity, first row \(first)",
      hint: nil)
  }
}

extension Vectors {
  func subtracting(_ mean: [Float]) -> Vectors {
    var shifted = self
    var target = shifted.values.mutableSpan
    for row in 0..<count {
      for column in 0..<width { target[row * width + column] -= mean[column] }
    }
    return shifted
  }

  /// Each row multiplied by ±1 so that its first value of largest magnitude is positive.
  func withFixedSigns() -> Vectors {
    var fixed = self
    for row in 0..<count {
      var largest: Float = 0
      for value in self[row: row] where abs(value) > abs(largest) { largest = value }
      guard largest < 0 else { continue }
      for place in row * width..<(row + 1) * width { fixed.values[place].negate() }
    }
    return fixed
  }
}
