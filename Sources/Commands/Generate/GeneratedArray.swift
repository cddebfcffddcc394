import Domain
import Files
import Interchange

/// An array with one entry per picture that grows as pictures are made: entries lie in a hidden
/// folder until all are there, then become one .npy file.
struct GeneratedArray: Sendable {
  /// Such as `latents`: the file is `latents.npy`.
  let name: String
  let folder: String

  private var file: String { Paths.join(folder, name + ".npy") }
  private var parts: String { Paths.join(folder, ".\(name)") }
  private func part(_ order: Int) -> String { Paths.join(parts, "\(order).npy") }

  /// Orders whose entry is there, of `count`.
  func present(_ count: Int) -> Set<Int> {
    if let whole = try? NumpyFile.read(file), let floats = whole.asFloats, whole.shape[0] == count {
      let size = floats.count / max(1, count)
      return Set((0..<count).filter { size > 0 && floats[$0 * size].isFinite || has($0) })
    }
    return Set((0..<count).filter(has))
  }

  private func has(_ order: Int) -> Bool { FileSystem.isFile(part(order)) }

  func put(_ values: [Float], shape: [Int], at order: Int) throws {
    try FileSystem.makeFolder(parts)
    try NumpyFile.write(NumpyArray(shape: shape, values), to: part(order))
  }

  /// The shape of one entry, as far as any of `count` is there.
  func entryShape(_ count: Int) -> [Int]? {
    (0..<count).first(where: has).flatMap { try? NumpyFile.read(part($0)).shape }
  }

  /// Joins the entries of `count` orders; one that is nowhere becomes NaN.
  func join(count: Int, shape: [Int]) throws {
    guard FileSystem.isFolder(parts) else { return }
    let size = shape.reduce(1, *)
    var values = [Float](repeating: .nan, count: count * size)
    if let whole = try? NumpyFile.read(file), let floats = whole.asFloats,
      floats.count == values.count
    {
      values = floats
    }
    for order in 0..<count where has(order) {
      let entry = try NumpyFile.read(part(order)).asFloats ?? []
      if entry.count == size {
        values.replaceSubrange(order * size..<(order + 1) * size, with: entry)
      }
    }
    try NumpyFile.write(NumpyArray(shape: [count] + shape, values), to: file)
    try FileSystem.removeFolder(parts)
  }
}

extension NumpyArray {
  /// The values of a float array; nil for whole numbers.
  var asFloats: [Float]? { values.asFloats }
}
