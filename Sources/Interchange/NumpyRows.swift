public import Domain
import Files
import LinearAlgebra

/// The rows of an .npy matrix, read from the file as they are asked for: unit vectors by `UnitScale`.
public struct NumpyRows: VectorRows {
  public let count: Int
  public let width: Int
  private let file: MappedFile
  private let start: Int
  private let kind: NumpyArray.Kind

  /// Opens a two-dimensional array of floats.
  /// - Throws: `badNumpy` with what is wrong and how to save the array so that it can be read.
  public init(_ path: String) throws(InterchangeError) {
    let opened = try NumpyFile.open(path)
    guard opened.shape.count == 2, opened.shape[1] > 0, opened.kind != .int64 else {
      throw InterchangeError(
        code: .badNumpy, message: "\(path) is not a matrix of floats with one row per vector",
        hint: "save it again in Python: np.save('fixed.npy', array.reshape(len(array), -1))")
    }
    (file, start, kind) = (opened.file, opened.start, opened.kind)
    (count, width) = (opened.shape[0], opened.shape[1])
  }

  public func append(_ stretch: Range<Int>, to values: inout [Float]) {
    precondition(stretch.lowerBound >= 0 && stretch.upperBound <= count)
    let first = values.count
    let place = start + stretch.lowerBound * width * kind.byteCount
    if kind == .float32 {
      file.appendFloats(from: place, count: stretch.count * width, to: &values)
    } else {
      let numbers = NumpyNumbers.read(file, from: place, kind, count: stretch.count * width)
      values += numbers.asFloats ?? []
    }
    UnitScale.apply(to: &values, from: first, width: width)
  }

  public func release() { file.release() }
}
