/// What is read of a `pipeline.json`.
struct PipelineContent: Decodable {
  enum CodingKeys: String, CodingKey {
    case name, what, licence, license, source, steps, guidance, scheduler, graphs, sha256
    case identityWidth = "identity_width"
    case identityEncoder = "identity_encoder"
    case latentScale = "scaling_factor"
  }

  var name: String?
  var what: String?
  var licence: String?
  var license: String?
  var source: String?
  var steps: Int?
  var guidance: Double?
  var scheduler: Scheduler?
  var graphs: [String: Graph]?
  /// SHA-256 by file name.
  var sha256: [String: String]?
  var identityWidth: Int
  var identityEncoder: String?
  var latentScale: Double?

  struct Scheduler: Decodable {
    enum CodingKeys: String, CodingKey {
      case name = "class"
      case config
    }

    var name: String?
    var config: Config?
  }

  /// The settings of a scheduler of the diffusers library that matter here.
  struct Config: Decodable {
    enum CodingKeys: String, CodingKey {
      case betaStart = "beta_start"
      case betaEnd = "beta_end"
      case betaSchedule = "beta_schedule"
      case trainingSteps = "num_train_timesteps"
      case stepsOffset = "steps_offset"
      case prediction = "prediction_type"
      case algorithm = "algorithm_type"
      case order = "solver_order"
      case solver = "solver_type"
      case finalSigma = "final_sigmas_type"
      case spacing = "timestep_spacing"
      case thresholding
      case karras = "use_karras_sigmas"
      case exponential = "use_exponential_sigmas"
      case beta = "use_beta_sigmas"
      case lambdas = "use_lu_lambdas"
      case flow = "use_flow_sigmas"
      case euler = "euler_at_final"
      case zeroSNR = "rescale_betas_zero_snr"
    }

    var betaStart: Double?
    var betaEnd: Double?
    var betaSchedule: String?
    var trainingSteps: Int?
    var stepsOffset: Int?
    var prediction: String?
    var algorithm: String?
    var order: Int?
    var solver: String?
    var finalSigma: String?
    var spacing: String?
    var thresholding: Bool?
    var karras: Bool?
    var exponential: Bool?
    var beta: Bool?
    var lambdas: Bool?
    var flow: Bool?
    var euler: Bool?
    var zeroSNR: Bool?
  }

  /// A graph's ports: type, then extents, an open one by a name.
  struct Graph: Decodable {
    var inputs: [String: Port]?
  }

  struct Port: Decodable {
    var dims: [Int?] = []

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      _ = try list.decode(String.self)
      var sizes = try list.nestedUnkeyedContainer()
      while !sizes.isAtEnd {
        if let size = try? sizes.decode(Int.self) {
          dims.append(size)
        } else {
          _ = try sizes.decode(String.self)
          dims.append(nil)
        }
      }
    }
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decodeIfPresent(String.self, forKey: .name)
    what = try? values.decodeIfPresent(String.self, forKey: .what)
    licence = try values.decodeIfPresent(String.self, forKey: .licence)
    license = try values.decodeIfPresent(String.self, forKey: .license)
    source = try values.decodeIfPresent(String.self, forKey: .source)
    steps = try values.decodeIfPresent(Int.self, forKey: .steps)
    guidance = try values.decodeIfPresent(Double.self, forKey: .guidance)
    scheduler = try values.decodeIfPresent(Scheduler.self, forKey: .scheduler)
    // Descriptive: the networks say it themselves.
    graphs = try? values.decodeIfPresent([String: Graph].self, forKey: .graphs)
    sha256 = try values.decodeIfPresent([String: String].self, forKey: .sha256)
    identityWidth = try values.decode(Int.self, forKey: .identityWidth)
    identityEncoder = try values.decodeIfPresent(String.self, forKey: .identityEncoder)
    latentScale = try values.decodeIfPresent(Double.self, forKey: .latentScale)
  }
}

extension PipelineContent {
  private static let classes = [
    "DPMSolverMultistepScheduler": "dpm-solver", "LCMScheduler": "lcm", "DDIMScheduler": "ddim",
    // What Stable Diffusion 1.5 comes with; pipelines exchange it.
    "PNDMScheduler": "dpm-solver",
  ]
  private static let spacings = ["dpm-solver": "linspace", "lcm": "leading", "ddim": "leading"]

  var diffusion: ModelManifest.Diffusion {
    var diffusion = ModelManifest.Diffusion()
    let config = scheduler?.config
    diffusion.latentScale = latentScale ?? diffusion.latentScale
    diffusion.betaStart = config?.betaStart ?? diffusion.betaStart
    diffusion.betaEnd = config?.betaEnd ?? diffusion.betaEnd
    diffusion.trainingSteps = config?.trainingSteps ?? diffusion.trainingSteps
    diffusion.stepsOffset = config?.stepsOffset ?? diffusion.stepsOffset
    diffusion.scheduler = scheduler?.name.flatMap { Self.classes[$0] } ?? diffusion.scheduler
    diffusion.steps = steps
    diffusion.guidance = guidance
    let latent = graphs?["unet.onnx"]?.inputs?.values.first { $0.dims.count == 4 }?.dims
    diffusion.latentHeight = (latent?[2]) ?? diffusion.latentHeight
    diffusion.latentWidth = (latent?[3]) ?? diffusion.latentWidth
    return diffusion
  }

  /// What this tool does not do, naming the field, or nil.
  var problem: String? {
    guard let scheduler else { return nil }
    if let name = scheduler.name, Self.classes[name] == nil {
      return "field 'scheduler.class' has the unknown value '\(name)'"
    }
    guard let config = scheduler.config else { return nil }
    let isSwapped = scheduler.name == nil || scheduler.name == "PNDMScheduler"
    let wanted: [(String, String?, String)] = [
      ("beta_schedule", config.betaSchedule, "scaled_linear"),
      ("prediction_type", config.prediction, "epsilon"),
      ("algorithm_type", config.algorithm, "dpmsolver++"),
      ("solver_order", config.order.map { "\($0)" }, "2"),
      ("solver_type", config.solver, "midpoint"),
      ("final_sigmas_type", config.finalSigma, "zero"),
      (
        "timestep_spacing", isSwapped ? nil : config.spacing,
        Self.spacings[diffusion.scheduler] ?? ""
      ),
    ]
    for (field, value, only) in wanted {
      if let value, value != only {
        return "field 'scheduler.config.\(field)' is '\(value)'; only '\(only)' is done here"
      }
    }
    let switches: [(String, Bool?)] = [
      ("thresholding", config.thresholding), ("use_karras_sigmas", config.karras),
      ("use_exponential_sigmas", config.exponential), ("use_beta_sigmas", config.beta),
      ("use_lu_lambdas", config.lambdas), ("use_flow_sigmas", config.flow),
      ("euler_at_final", config.euler), ("rescale_betas_zero_snr", config.zeroSNR),
    ]
    let on = switches.first { $0.1 == true }
    return on.map { "field 'scheduler.config.\($0.0)' is true, which is not done here" }
  }
}
