import Cryptography
import Domain
import FaceGeneration
import Files
import Interchange
import LinearAlgebra

/// The arrays that `generate` is given.
struct GenerateInputs: Sendable {
  /// Unit vectors, or latents as they are.
  var vectors: Vectors
  /// Rows that cannot be used, with the reason.
  var skipped: [Int: String] = [:]
  /// Rows that were not of length 1.
  var rescaled = 0
  /// One latent per picture.
  var noise: [Float]?
  /// Per step but the last, one latent per picture.
  var stepNoise: [[Float]] = []
  /// Channels, height and width of a latent, by the option that gave it.
  var latentShapes: [String: [Int]] = [:]
  /// SHA-256 of every file, by option.
  var digests: [String: String] = [:]

  /// - Throws: `InterchangeError` for files that are no arrays of the right shape.
  init(identities path: String, kind: GeneratorInput.Kind) throws {
    vectors = try NumpyFile.readVectors(path)
    digests["identities"] = try Self.digest(path)
    let width = vectors.width
    for row in 0..<vectors.count where !vectors[row: row].allSatisfy(\.isFinite) {
      skipped[row] = "has a value that is not finite"
    }
    guard kind == .identity else { return }
    let raw = vectors
    for row in UnitScale.apply(to: &vectors.values, from: 0, width: width)
    where skipped[row] == nil {
      skipped[row] = "has no length"
    }
    rescaled = (0..<vectors.count).count {
      skipped[$0] == nil && raw[row: $0] != vectors[row: $0]
    }
  }

  /// Takes in the start of every picture, [N, C, H, W].
  mutating func readNoise(_ path: String, pictures: Int) throws {
    let array = try Self.floats(path)
    guard array.shape.count == 4, array.shape[0] == pictures else {
      throw Self.wrong(path, array.shape, "[\(pictures), channels, height, width]")
    }
    noise = array.values
    latentShapes["--noise"] = Array(array.shape[1...])
    digests["noise"] = try Self.digest(path)
  }

  /// Takes in the noise added between steps, [steps − 1, N, C, H, W].
  mutating func readStepNoise(_ path: String, pictures: Int) throws {
    let array = try Self.floats(path)
    guard array.shape.count == 5, array.shape[1] == pictures else {
      throw Self.wrong(path, array.shape, "[steps - 1, \(pictures), channels, height, width]")
    }
    let size = array.shape.dropFirst().reduce(1, *)
    latentShapes["--step-noise"] = Array(array.shape[2...])
    stepNoise = (0..<array.shape[0]).map { Array(array.values[$0 * size..<($0 + 1) * size]) }
    digests["stepNoise"] = try Self.digest(path)
  }

  /// Δ as [positions, width], or the same with a leading 1.
  static func offset(_ path: String) throws -> Vectors {
    let array = try floats(path)
    let shape =
      array.shape.count == 3 && array.shape[0] == 1 ? Array(array.shape[1...]) : array.shape
    guard shape.count == 2, shape[1] > 0 else {
      throw wrong(path, array.shape, "[positions, width]")
    }
    return Vectors(count: shape[0], width: shape[1], values: array.values)
  }

  static func digest(_ path: String) throws -> String { SHA256.hex(of: try FileReader.read(path)) }

  private static func floats(_ path: String) throws -> (shape: [Int], values: [Float]) {
    let array = try NumpyFile.read(path)
    guard let values = array.values.asFloats else {
      throw wrong(path, array.shape, "floats")
    }
    return (array.shape, values)
  }

  private static func wrong(_ path: String, _ shape: [Int], _ wanted: String) -> InterchangeError {
    InterchangeError(
      code: .wrongShape, message: "\(path) holds an array of shape \(shape), not \(wanted)",
      hint: "save it in Python with np.save, in the shape that is asked for")
  }
}
