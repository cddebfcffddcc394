internal import Cryptography
internal import Files
internal import FoundationEssentials

/// A pipeline as its exporter describes it: a folder with `text_encoder.onnx`, `unet.onnx`,
/// `vae_decoder.onnx`, `uncond.npy` and a `pipeline.json`.
///
/// The format is somebody else's, so fields that are not known here are passed over. What is known but
/// stands for something this tool does not do (another prediction, another schedule) is refused.
struct PipelineFile {
  static let name = "pipeline.json"
  private static let graphs = [
    "text_encoder": "text_encoder.onnx", "unet": "unet.onnx", "vae_decoder": "vae_decoder.onnx",
  ]
  private static let unconditional = "uncond.npy"

  let folder: String
  let content: PipelineContent
  private let path: String

  init(folder: String) throws {
    self.folder = folder
    path = Paths.join(folder, Self.name)
    let bytes = try FileReader.read(path, limit: 1 << 24)
    do {
      content = try JSONDecoder().decode(PipelineContent.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw EncodingError(
        .manifestInvalid, "\(path): \(ModelManifest.explain(error))", hint: Self.hint)
    }
    if let problem = content.problem {
      throw EncodingError(.manifestInvalid, "\(path): \(problem)", hint: Self.hint)
    }
  }

  static let hint = "docs/generation.md says what a pipeline.json holds"

  /// The model, its files named with the SHA-256 they have now.
  ///
  /// - Parameter name: nil takes the file's own, else the folder's.
  /// - Throws: `fileDamaged` where a file is missing or is not what `pipeline.json` says,
  ///   `manifestInvalid` where the whole makes no model.
  func model(name: String?) throws -> InstalledModel {
    let name = name ?? content.name ?? Paths.lastComponent(Paths.absolute(folder))
    var manifest = try ModelManifest(json: Array(skeleton.utf8), name: path)
    manifest.name = name
    manifest.licence = content.licence ?? content.license ?? "not stated"
    manifest.source = content.source ?? "not stated"
    manifest.note = content.what ?? ""
    manifest.identity = content.identityWidth
    manifest.identityEncoder = content.identityEncoder
    manifest.diffusion = content.diffusion
    manifest.files = try files()
    if let problem = manifest.problem {
      throw EncodingError(.manifestInvalid, "\(path): \(problem)", hint: Self.hint)
    }
    return InstalledModel(folder: folder, manifest: manifest)
  }

  private func files() throws -> [String: ModelManifest.File] {
    var files: [String: ModelManifest.File] = [:]
    for (part, name) in Self.graphs.sorted(by: { $0.key < $1.key }) {
      files[part] = try file(name)
      let graph = try MappedFile(Paths.join(folder, name))
      for external in ExternalData.names(in: graph) {
        guard !external.contains("/"), !external.hasPrefix(".") else {
          throw EncodingError(
            .manifestInvalid, "\(name) keeps weights in '\(external)', outside its own folder",
            hint: "export it with its weights in a file beside the graph")
        }
        files[ModelManifest.externalPrefix + external] = try file(external)
      }
    }
    if FileSystem.isFile(Paths.join(folder, Self.unconditional)) {
      files["uncond"] = try file(Self.unconditional)
    }
    return files
  }

  private func file(_ name: String) throws -> ModelManifest.File {
    let path = Paths.join(folder, name)
    guard FileSystem.isFile(path) else {
      throw EncodingError(.fileDamaged, "the pipeline's file \(path) is missing", hint: Self.hint)
    }
    let sha256 = Hex.string(try MappedFile(path).withBytes { SHA256.digest(of: $0) })
    if let stated = content.sha256?[name], stated != sha256 {
      throw EncodingError(
        .fileDamaged, "\(path) has SHA-256 \(sha256), pipeline.json says \(stated)",
        hint: "export or copy the pipeline again")
    }
    return ModelManifest.File(file: name, sha256: sha256)
  }

  /// A manifest whose values are all replaced.
  private var skeleton: String {
    let zeros = String(repeating: "0", count: 64)
    let files = Self.graphs.map { "\"\($0)\": {\"file\": \"\($1)\", \"sha256\": \"\(zeros)\"}" }
    return """
      {"format": 1, "name": "pipeline", "role": "generator", "kind": "diffusion", "identity": 1,
       "files": {\(files.joined(separator: ", "))}, "diffusion": {}, "licence": "", "source": ""}
      """
  }
}
