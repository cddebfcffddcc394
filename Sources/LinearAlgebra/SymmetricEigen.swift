import COpenBLAS
import Domain

/// The eigenpairs of a real symmetric matrix by LAPACK's ssyevd (divide and conquer).
struct SymmetricEigen {
  /// Falling.
  var values: [Float]
  /// Row `k` is the unit eigenvector of `values[k]`.
  var vectors: Vectors

  /// - Parameter matrix: `size` × `size`, symmetric; both triangles are given.
  init(of matrix: [Float], size: Int) throws {
    precondition(size > 0 && matrix.count == size * size)
    BLASThreads.startSingle()
    var columns = matrix
    var rising = [Float](repeating: 0, count: size)
    let info = Self.solve(&columns, &rising)
    guard info == 0 else {
      throw LinearAlgebraError(
        code: .notConverged,
        message: "the eigenvalues of a \(size) × \(size) matrix did not converge (info \(info))",
        hint: "look for values that are not finite or are far out of scale")
    }
    values = rising.reversed()
    // Column-major eigenvectors are our rows already, in rising order.
    vectors = Vectors(count: size, width: size, values: columns).rows((0..<size).reversed())
  }

  private static func solve(_ matrix: inout [Float], _ values: inout [Float]) -> Int32 {
    var size = Int32(values.count)
    // Workspace sizes for jobz = V from LAPACK's documentation of ssyevd.
    let n = values.count
    var floatCount = Int32(1 + 6 * n + 2 * n * n)
    var integerCount = Int32(3 + 5 * n)
    var floats = [Float](repeating: 0, count: Int(floatCount))
    var integers = [Int32](repeating: 0, count: Int(integerCount))
    var leading = size
    var info: Int32 = 0
    // V: vectors too. L: read the lower triangle. Every array has the size LAPACK states.
    var job = CChar(86)
    var triangle = CChar(76)
    unsafe ssyevd_(
      &job, &triangle, &size, &matrix, &leading, &values, &floats, &floatCount, &integers,
      &integerCount, &info)
    return info
  }
}
