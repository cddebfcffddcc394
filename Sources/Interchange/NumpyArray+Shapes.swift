public import Domain

extension NumpyArray {
  /// The rows of a two-dimensional float array, float64 rounded to float32.
  /// - Parameter name: the file, for the error.
  /// - Throws: `wrongShape` for whole numbers, one dimension, or rows without values.
  public func vectors(named name: String) throws(InterchangeError) -> Vectors {
    guard shape.count == 2, shape[1] > 0, let floats = values.asFloats else {
      throw wrong(name, "rows of floats, one row per vector", "array.astype('float32')")
    }
    return Vectors(count: shape[0], width: shape[1], values: floats)
  }

  /// The single vector of a float array shaped [n] or [1, n], such as a generator's latent.
  /// - Parameter name: the file, for the error.
  public func vector(named name: String) throws(InterchangeError) -> [Float] {
    guard shape.count == 1 || shape.count == 2 && shape[0] == 1, let floats = values.asFloats,
      !floats.isEmpty
    else {
      throw wrong(name, "one vector of floats", "array[0].astype('float32')")
    }
    return floats
  }

  private func wrong(_ name: String, _ wanted: String, _ remedy: String) -> InterchangeError {
    let sizes = shape.map(String.init).joined(separator: " × ")
    return InterchangeError(
      code: .wrongShape, message: "\(name) holds \(kind) [\(sizes)], not \(wanted)",
      hint: "reshape it in Python, e.g. np.save('fixed.npy', \(remedy))")
  }
}
