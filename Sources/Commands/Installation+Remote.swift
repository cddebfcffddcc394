import Domain
import Execution
import FaceEncoding
import FaceGeneration
import HTTP
import Inference
import OpenInference

extension Installation {
  /// The server of a model of kind `remote`.
  ///
  /// - Parameter patience: seconds for one call and its repeats, instead of the manifest's.
  /// - Throws: where the manifest's address or token cannot be used.
  func server(of model: InstalledModel, patience: Double? = nil) throws -> ServedModel {
    guard let remote = model.manifest.remote else {
      throw EncodingError(.manifestInvalid, "model \(model.name) is not of kind remote")
    }
    var options = ServedModel.Options(model: remote.model)
    options.version = remote.version
    options.deadline = remote.timeoutSeconds ?? options.deadline
    options.patience = patience ?? remote.patienceSeconds ?? options.patience
    options.concurrency = remote.concurrency ?? options.concurrency
    options.isCancelled = { Interrupts.requested }
    if let variable = remote.tokenVariable {
      guard let token = environment[variable], !token.isEmpty else {
        throw EncodingError(
          .manifestInvalid, "model \(model.name) wants its token in \(variable), which is not set",
          hint: "set \(variable) to the token of the server at \(remote.url)")
      }
      options.token = token
    }
    return ServedModel(
      try ServerAddress(remote.url), options,
      client: HTTPClient(
        authorities: remote.caFile, connectDeadline: min(10, options.patience)))
  }

  /// An encoder of either kind.
  func encoder(_ model: InstalledModel, runtime: InferenceRuntime) throws -> any ImageEncoder {
    switch model.manifest.kind {
    case .remote: try RemoteEncoder(model, server: try server(of: model))
    default: try OnnxEncoder(model, runtime: runtime)
    }
  }

  func remoteGenerator(_ model: InstalledModel, patience: Double? = nil) throws -> RemoteGenerator {
    try RemoteGenerator(
      try remoteDescription(of: model), server: try server(of: model, patience: patience))
  }

  private func remoteDescription(of model: InstalledModel) throws -> RemoteDescription {
    let manifest = model.manifest
    guard let output = manifest.output, let remote = manifest.remote,
      let width = manifest.latent ?? manifest.identity
    else {
      throw EncodingError(.manifestInvalid, "model \(model.name) is no remote generator")
    }
    var description = RemoteDescription(
      name: model.name, digest: model.digest,
      driven: GeneratorInput(manifest.latent == nil ? .identity : .latent, width: width))
    description.input = manifest.input.name
    description.seed = remote.seed
    description.output = output.name
    description.width = output.width
    description.height = output.height ?? output.width
    description.range = output.range.map { Float($0[0])...Float($0[1]) }
    description.parameters = (remote.parameters ?? [:]).mapValues(\.parameter)
    description.batch = remote.batch
    return description
  }
}

/// Whether a remote model answers as its manifest says.
struct RemoteState: Equatable {
  var isWell: Bool
  /// For people.
  var text: String
  var hint: String?
}

extension Installation {
  /// Asks a remote model; nil for models of other kinds. A generator is also asked for two pictures.
  func remoteState(_ model: InstalledModel, patience: Double = 5) -> RemoteState? {
    guard model.manifest.kind == .remote else { return nil }
    do {
      let (served, batch) =
        model.manifest.role == .generator
        ? try askGenerator(model, patience) : try askEncoder(model, patience)
      let form = served.takesBinary ? "binary tensors" : "JSON tensors"
      return RemoteState(
        isWell: true, text: "answers as described: \(served.server), \(form), batches of \(batch)")
    } catch {
      let explained = error as? any ExplainedError
      return RemoteState(
        isWell: false, text: explained?.message ?? "\(error)", hint: explained?.hint)
    }
  }

  private func askEncoder(
    _ model: InstalledModel, _ patience: Double
  ) throws -> (ModelDescription, Int) {
    let encoder = try RemoteEncoder(model, server: try server(of: model, patience: patience))
    let grey = Picture(width: 112, height: 112, pixels: Array(repeating: 128, count: 3 * 112 * 112))
    let rows = try encoder.embed([Face(picture: grey, crop: .assumed, landmarks: nil)])
    guard rows.values.allSatisfy(\.isFinite) else {
      throw EncodingError(.networkUnfit, "model \(model.name) gave a value that is no number")
    }
    return (encoder.served, encoder.preferredBatch)
  }

  private func askGenerator(
    _ model: InstalledModel, _ patience: Double
  ) throws -> (ModelDescription, Int) {
    let generator = try remoteGenerator(model, patience: patience)
    let width = generator.input.width
    let even = 1 / Float(width).squareRoot()
    let rows = [0, 1].map { row in (0..<width).map { $0 % 2 == row ? even : -even } }
    let answers = try generator.pictures(
      for: PictureOrders(Vectors(width: width, rows: rows), seeds: [1, 2]))
    for answer in answers {
      if case .none(let reason) = answer {
        throw EncodingError(.networkUnfit, "model \(model.name) answers, but \(reason)")
      }
    }
    return (generator.served, generator.preferredBatch)
  }
}
