import Curation
import Domain
import FaceEncoding
import FaceGeneration
import Files
import Inference
import VectorSearch

/// The installed models and runtime, and the concrete parts made of them.
struct Installation: Sendable {
  let models: ModelFolder
  let environment: [String: String]

  init(environment: [String: String]) {
    self.environment = environment
    models = ModelFolder.standard(environment: environment)
  }

  func runtime() throws -> InferenceRuntime { try InferenceRuntime.load() }

  /// The model named in the settings, else the one of its role and space.
  func model(
    _ name: String?, role: ModelManifest.Role, space: String? = nil
  ) throws -> InstalledModel {
    if let name { return try models.find(name: name) }
    return try models.find(role: role, space: space)
  }

  /// Completes a new workspace's settings: a model that is not named becomes the only one installed
  /// for its role, and stays open where there is none or several to choose from.
  ///
  /// - Throws: where a named one is not installed.
  func choose(for settings: inout WorkspaceSettings) throws {
    settings.detector = try chosen(settings.detector, role: .detector)
    settings.identityEncoder = try chosen(
      settings.identityEncoder, role: .encoder, space: Space.identity)
    settings.imageEncoder = try chosen(settings.imageEncoder, role: .encoder, space: Space.image)
    settings.generator = try chosen(settings.generator, role: .generator)
    settings.quality = try chosen(settings.quality, role: .quality)
  }

  private func chosen(
    _ name: String?, role: ModelManifest.Role, space: String? = nil
  ) throws -> String? {
    if let name { return try models.find(name: name).name }
    return try? models.find(role: role, space: space).name
  }

  /// The chain the workspace's settings name: detector, identity, image and pixel encoders, and
  /// mirrored faces through the identity encoder where the settings say so.
  func chain(_ settings: WorkspaceSettings, crop: CropPolicy) throws -> EmbeddingChain {
    let runtime = try runtime()
    let detector = try DetectorFactory.open(
      try model(settings.detector, role: .detector), runtime: runtime)
    let identity = try model(settings.identityEncoder, role: .encoder, space: Space.identity)
    let image = try model(settings.imageEncoder, role: .encoder, space: Space.image)
    let chain = EmbeddingChain(
      finder: ChainFinder(chain: FaceChain(locator: detector, policy: crop), detector: detector),
      encoders: [
        try encoder(identity, runtime: runtime), try encoder(image, runtime: runtime),
        AlignedThumbnail(),
      ],
      quality: try settings.quality.map { name in
        try OnnxEncoder(try models.find(name: name), runtime: runtime)
      })
    return settings.embedsMirrored ? chain.withMirroredIdentity() : chain
  }

  /// The identity encoder's own table of thresholds, from its manifest.
  func documentedThresholds(_ settings: WorkspaceSettings) -> [DocumentedThreshold] {
    let model = try? model(settings.identityEncoder, role: .encoder, space: Space.identity)
    return (model?.manifest.thresholds ?? []).map { line in
      DocumentedThreshold(
        falseMatchRate: line.fmr, similarity: CosineSimilarity(Float(line.similarity)),
        cohort: line.cohort)
    }
  }

  /// The generator the settings name.
  func generator(
    _ settings: WorkspaceSettings, _ wish: DiffusionWish = DiffusionWish()
  ) throws -> any Generator {
    try generator(try generatorModel(settings), wish)
  }

  /// Opens a generator; only a diffusion pipeline can be driven by a wish.
  func generator(_ model: InstalledModel, _ wish: DiffusionWish) throws -> any Generator {
    if model.manifest.kind != .diffusion, !wish.isEmpty {
      throw GenerationError(
        .settingsUnfit,
        "scheduler, steps, guidance and Δ are for diffusion pipelines; \(model.name) is none")
    }
    switch model.manifest.kind {
    case .diffusion: return try diffusion(model, wish)
    case .dcgan:
      return try DCGANGenerator(
        description(of: model), network: try model.bytes(of: "main"), runtime: try runtime())
    case .exec:
      return try execGenerator(model)
    case .remote: return try remoteGenerator(model)
    default:
      throw EncodingError(
        .manifestInvalid, "model \(model.name) is of kind \(model.manifest.kind), no generator")
    }
  }

  /// Its digest without opening it; nil where none is installed.
  func generatorDigest(_ settings: WorkspaceSettings) -> String? {
    (try? generatorModel(settings))?.digest
  }

  /// The generator of that name; else the only diffusion pipeline, else the only generator.
  func generatorModel(named name: String?) throws -> InstalledModel {
    if let name { return try models.find(name: name) }
    let pipelines = models.list().compactMap(\.model).filter { $0.manifest.kind == .diffusion }
    return pipelines.count == 1 ? pipelines[0] : try models.find(role: .generator)
  }

  private func generatorModel(_ settings: WorkspaceSettings) throws -> InstalledModel {
    try model(settings.generator, role: .generator)
  }

  private func description(of model: InstalledModel) -> DCGANDescription {
    var description = DCGANDescription(name: model.name, digest: model.digest)
    description.input = model.manifest.input.name
    if let latent = model.manifest.latent { description.latentWidth = latent }
    if let output = model.manifest.output {
      description.output = output.name
      description.width = output.width
      description.height = output.height ?? output.width
    }
    return description
  }
}

/// Lets the steps use a `FaceChain`.
struct ChainFinder: FaceFinder {
  let chain: FaceChain
  let digest: String

  init(chain: FaceChain, detector: any FaceLocator) {
    self.chain = chain
    digest = detector.digest
  }

  func find(in picture: Picture) throws -> FoundFace {
    let outcome = try chain.face(in: picture)
    switch outcome.answer {
    case .face(let face): return .face(face, count: outcome.facesInPicture)
    case .rejected(let reason): return .none(reason: reason)
    }
  }
}
