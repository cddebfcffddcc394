import Domain
import Execution
import FaceEncoding
import FaceGeneration
import Inference
import Interchange

/// How a diffusion pipeline is to be driven; what is nil is as its manifest says.
struct DiffusionWish: Sendable {
  var scheduler: DiffusionScheduler?
  var steps: Int?
  var guidance: Double?
  /// Δ, positions × width.
  var offset: Vectors?
  var strength: Double?
  var batch: Int?
  /// Threads inside the networks; answers do not depend on them.
  var threads = Processors.available
  var monitor = DiffusionMonitor(shouldStop: { Interrupts.requested })

  /// For opening a pipeline to see whether it is one.
  static let unguided: DiffusionWish = {
    var wish = DiffusionWish()
    wish.scheduler = .dpmSolver
    wish.steps = 1
    wish.guidance = 1
    return wish
  }()

  /// True where nothing is asked for that only a diffusion pipeline can do.
  var isEmpty: Bool {
    scheduler == nil && steps == nil && guidance == nil && offset == nil && strength == nil
  }

  /// The wish over the manifest over the scheduler's usual numbers. The manifest's numbers of steps
  /// and guidance go with its own scheduler only.
  func settings(_ manifest: ModelManifest.Diffusion) -> DiffusionSettings {
    let own = DiffusionScheduler(rawValue: manifest.scheduler) ?? .dpmSolver
    var settings = DiffusionSettings(scheduler ?? own)
    let isOwn = settings.scheduler == own
    settings.steps = steps ?? (isOwn ? manifest.steps : nil) ?? settings.steps
    settings.guidance = guidance ?? (isOwn ? manifest.guidance : nil) ?? settings.guidance
    settings.offset = offset
    settings.strength = strength ?? settings.strength
    settings.batch = batch ?? settings.batch
    return settings
  }
}

extension Installation {
  /// Opens a pipeline. Its networks are opened by path, since their weights may lie beside them;
  /// every file's SHA-256 is checked before.
  ///
  /// - Throws: `EncodingError` for damaged files, `GenerationError` for parts or settings that do not
  ///   fit together.
  func diffusion(
    _ model: InstalledModel, _ wish: DiffusionWish, runtime: InferenceRuntime? = nil
  ) throws -> DiffusionGenerator {
    guard let constants = model.manifest.diffusion else {
      throw EncodingError(
        .manifestInvalid, "model \(model.name) is of kind \(model.manifest.kind), no pipeline")
    }
    let byteCount = try model.checkParts()
    let runtime = try runtime ?? self.runtime()
    let options = SessionOptions(threads: wish.threads)
    let networks = try DiffusionNetworks(
      text: try model.sessionByPath(of: "text_encoder", options: options, runtime: runtime),
      unet: try model.sessionByPath(of: "unet", options: options, runtime: runtime),
      decoder: try model.sessionByPath(of: "vae_decoder", options: options, runtime: runtime),
      byteCount: byteCount)
    let pipeline = try DiffusionPipeline(
      try description(of: model, constants), networks: networks,
      settings: wish.settings(constants), identity: model.manifest.identity)
    return DiffusionGenerator(pipeline, monitor: wish.monitor)
  }

  /// Operators that scale activations by the whole batch's range while the network runs.
  private static let batchwide = "DynamicQuantize"

  private func description(
    of model: InstalledModel, _ constants: ModelManifest.Diffusion
  ) throws -> DiffusionDescription {
    var description = DiffusionDescription(name: model.name, digest: model.digest)
    description.schedule = NoiseSchedule(
      betas: constants.betaStart...constants.betaEnd, trainingSteps: constants.trainingSteps,
      stepsOffset: constants.stepsOffset)
    description.latentScale = constants.latentScale
    description.latentHeight = constants.latentHeight
    description.latentWidth = constants.latentWidth
    if model.manifest.files["uncond"] != nil {
      let path = model.path(of: "uncond")
      guard let values = try NumpyFile.read(path).values.asFloats, values.allSatisfy(\.isFinite)
      else {
        throw EncodingError(
          .fileDamaged, "model \(model.name): file \(path) does not hold finite floats")
      }
      description.unconditional = values
    }
    description.isSinglePicture = try model.manifest.kind.parts.contains {
      try model.part($0, mentions: Self.batchwide)
    }
    return description
  }
}
