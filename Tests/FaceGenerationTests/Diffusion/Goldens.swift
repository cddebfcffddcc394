import Domain
import FaceGeneration
import Files
import Foundation
import Inference
import Interchange
import Testing

/// The answers of the reference libraries; see ../shared/golden/diffusion/README.md.
enum Goldens {
  static let folder: String = {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(root)/../shared/golden/diffusion"
  }()
  static let exist = FileSystem.isFile("\(folder)/pipeline.json")
  static let canRun = exist && Installed.runtime != nil
  static let advice: Comment = "needs ../shared/golden/diffusion"
  static let runAdvice: Comment =
    "needs ONNX Runtime (Scripts/install-models or D2R_ONNXRUNTIME) and ../shared/golden/diffusion"

  static func array(_ name: String) throws -> NumpyArray { try NumpyFile.read("\(folder)/\(name)") }

  static func floats(_ name: String) throws -> [Float] {
    try #require(try array(name).values.asFloats)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    // NumPy's header of version 1.0; uint8 is read nowhere else.
    let file = try FileReader.read("\(folder)/\(name)")
    return Array(file[(10 + Int(file[8]) + 256 * Int(file[9]))...])
  }

  static func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// A list of numbers, or of lists of numbers, row after row.
  static func numbers(_ value: Any?) throws -> [Float] {
    if let numbers = value as? [NSNumber] { return numbers.map(\.floatValue) }
    return try #require(value as? [[NSNumber]]).flatMap { $0.map(\.floatValue) }
  }

  static func difference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }

  static func networks(threads: Int = 1) throws -> DiffusionNetworks {
    let runtime = try #require(Installed.runtime)
    func session(_ name: String) throws -> Session {
      try Session(
        path: "\(folder)/\(name).onnx", options: SessionOptions(threads: threads),
        runtime: runtime)
    }
    return try DiffusionNetworks(
      text: session("text_encoder"), unet: session("unet"), decoder: session("vae_decoder"))
  }

  static func description() throws -> DiffusionDescription {
    var description = DiffusionDescription(name: "golden", digest: "d")
    description.unconditional = try floats("uncond.npy")
    return description
  }

  static func delta(scaled: Float = 1) throws -> Vectors {
    Vectors(count: 77, width: 32, values: try floats("delta.npy").map { scaled * $0 })
  }

  static func pipeline(
    threads: Int = 1, _ change: (inout DiffusionSettings) throws -> Void = { _ in }
  ) throws -> DiffusionPipeline {
    var settings = DiffusionSettings()
    try change(&settings)
    return try DiffusionPipeline(
      try description(), networks: try networks(threads: threads), settings: settings)
  }

  static func request() throws -> DiffusionRequest {
    DiffusionRequest(
      identities: try array("identities.npy").vectors(named: "identities"),
      noise: try floats("initial_noise.npy"))
  }

  static func pixels(_ result: DiffusionResult) -> [UInt8] {
    result.pictures.flatMap { $0.picture?.pixels ?? [] }
  }

  static func levels(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard a.count == b.count else { return .max }
    return zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? .max
  }
}
