import FoundationEssentials
import Inference
import Testing

/// ONNX Runtime and the networks that the tests run on, where this machine has them.
enum Installed {
  static let runtime = try? InferenceRuntime.load()
  static let models = path("../shared/models")
  static let hasAll = runtime != nil && FileManager.default.fileExists(atPath: models)
  static let advice: Comment =
    "needs ONNX Runtime (Scripts/install-models or D2R_ONNXRUNTIME) and ../shared/models"

  static func path(_ relative: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/\(relative)"
  }

  static func model(_ name: String) -> String { "\(models)/\(name).onnx" }

  static func session(_ name: String, threads: Int = 1) throws -> Session {
    try Session(
      path: model(name), options: SessionOptions(threads: threads), runtime: #require(runtime))
  }

  /// Numbers in −1...1 that look random: SplitMix64 from the given seed.
  static func noise(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Float((mixed ^ (mixed >> 31)) >> 40) / Float(1 << 23) - 1
    }
  }
}
