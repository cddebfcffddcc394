public import Domain

/// Orthonormal directions in which vectors are long: the principal axes of rows that are not centred.
public enum EnergyAxes {
  /// All `width` axes of `vectors`, most energy first, one per row: the eigenvectors of XᵀX. For any
  /// p, no other p orthonormal directions keep more of the rows' squared lengths.
  ///
  /// Goes through sgemm and ssyevd: bytes repeat as stated at `Vectors.similarities(to:)`.
  /// - Throws: `LinearAlgebraError.notConverged`.
  /// - Precondition: `vectors` has a row, and every value is finite.
  public static func fit(_ vectors: Vectors) throws -> Vectors {
    precondition(vectors.count > 0)
    return try SymmetricEigen(of: Product.gramOfColumns(vectors), size: vectors.width).vectors
  }
}
