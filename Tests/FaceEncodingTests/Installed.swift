import Cryptography
import Domain
import FaceEncoding
import Files
import Imaging
import Inference
import Testing

/// ONNX Runtime, networks and pictures that the tests run on, where this machine has them.
enum Installed {
  static let runtime = try? InferenceRuntime.load()
  static let shared = path("../shared")
  static let hasShared = runtime != nil && FileSystem.isFolder(shared + "/models")
  static let hasMTCNN =
    runtime != nil && (try? ModelFolder.standard().find(name: "mtcnn")) != nil
  static let sharedAdvice: Comment =
    "needs ONNX Runtime (Scripts/install-models or D2R_ONNXRUNTIME) and ../shared"
  static let installAdvice: Comment = "needs the default models: Scripts/install-models"

  static func path(_ relative: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/\(relative)"
  }

  static func picture(_ relative: String) throws -> Picture {
    try PictureDecoder.decode(FileReader.read("\(shared)/\(relative)")).picture
  }

  /// A model whose one file is a network of ../shared.
  static func model(_ manifest: ModelManifest, file: String) throws -> InstalledModel {
    let path = "\(shared)/\(file)"
    var manifest = manifest
    let sha256 = try Checksum.sha256(path)
    manifest.files = ["main": .init(file: Paths.lastComponent(path), sha256: sha256)]
    return InstalledModel(folder: Paths.parent(path), manifest: manifest)
  }

  static func dlib() throws -> InstalledModel {
    try model(.sample(), file: "models/identity_dlib_resnet_v1_arc112.onnx")
  }

  static func mobileFaceNet() throws -> InstalledModel {
    var manifest = ModelManifest.sample()
    manifest.input.mean = [127.5, 127.5, 127.5]
    manifest.input.std = [127.5, 127.5, 127.5]
    return try model(manifest, file: "models/identity_mobilefacenet_128.onnx")
  }

  static func efficientNet() throws -> InstalledModel {
    var manifest = ModelManifest.sample()
    manifest.space = "image"
    manifest.input = .init(name: "input", width: 224, height: 224, alignment: .arcfaceWide)
    manifest.input.mean = [127, 127, 127]
    manifest.input.std = [128, 128, 128]
    manifest.output = .init(name: "embedding", width: 1280)
    return try model(manifest, file: "models/image_efficientnet_lite0.onnx")
  }

  static func yuNet() throws -> YuNetDetector {
    var manifest = ModelManifest.sample()
    manifest.role = .detector
    manifest.kind = .yunet
    manifest.space = nil
    manifest.input = .init(name: "input")
    manifest.input.channels = .bgr
    manifest.output = nil
    let model = try model(manifest, file: "models/detector_yunet_2026may.onnx")
    return try YuNetDetector(model, runtime: #require(runtime))
  }

  static func mtcnn() throws -> MTCNNDetector {
    try MTCNNDetector(
      ModelFolder.standard().find(name: "mtcnn"), runtime: #require(runtime))
  }

  /// Every detector there is here, by name.
  static func detectors() throws -> [(String, any FaceLocator)] {
    var detectors: [(String, any FaceLocator)] = [("yunet", try yuNet())]
    if hasMTCNN { detectors.append(("mtcnn", try mtcnn())) }
    return detectors
  }
}

extension ModelManifest {
  /// A sound manifest of an identity encoder.
  static func sample(sha256: String = String(repeating: "0", count: 64)) -> ModelManifest {
    let text = """
      {"format": 1, "name": "sample", "role": "encoder", "kind": "onnx", "space": "identity",
       "files": {"main": {"file": "sample.onnx", "sha256": "\(sha256)"}},
       "input": {"name": "input", "width": 112, "height": 112, "channels": "rgb",
                 "mean": [0, 0, 0], "std": [1, 1, 1], "resize": "bilinear",
                 "alignment": "arcface-112"},
       "output": {"name": "embedding", "width": 128},
       "licence": "CC0-1.0", "source": "a test"}
      """
    guard let manifest = try? ModelManifest(json: Array(text.utf8), name: "sample") else {
      fatalError("the sample manifest is sound")
    }
    return manifest
  }
}

enum Checksum {
  static func sha256(_ path: String) throws -> String { SHA256.hex(of: try FileReader.read(path)) }
}
