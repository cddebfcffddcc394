public import Domain

/// How pictures are drawn from a pipeline.
public struct DiffusionSettings: Equatable, Sendable {
  public var scheduler: DiffusionScheduler
  public var steps: Int
  /// ε = u + guidance·(c − u); at 1 the unconditional branch is not computed.
  public var guidance: Double
  /// Δ in conditioning space, positions × width; added to the conditional branch only.
  public var offset: Vectors?
  /// Δ is multiplied by this.
  public var strength: Double
  /// Pictures made at once.
  public var batch: Int

  public static let usualBatch = 4

  /// The scheduler's usual steps and guidance, no Δ.
  public init(_ scheduler: DiffusionScheduler = .dpmSolver) {
    self.scheduler = scheduler
    steps = scheduler.usualSteps
    guidance = scheduler.usualGuidance
    offset = nil
    strength = 1
    batch = Self.usualBatch
  }

  /// True where the network is asked twice per picture.
  public var isGuided: Bool { guidance != 1 }
}

/// What a pipeline is besides its networks.
public struct DiffusionDescription: Equatable, Sendable {
  public var name: String
  /// SHA-256, in hex, over weights and constants.
  public var digest: String
  public var schedule: NoiseSchedule
  /// Latents are divided by this before they are decoded.
  public var latentScale: Double
  /// Height and width of a latent where the network leaves them open.
  public var latentHeight: Int
  public var latentWidth: Int
  /// The empty prompt's conditioning, positions × width; nil where there is none, and guidance is off.
  public var unconditional: [Float]?
  /// True where a picture's values depend on the others of its batch, as they do in networks that
  /// quantise their activations while they run: such networks get one picture at a time.
  public var isSinglePicture: Bool

  /// A pipeline like Stable Diffusion 1.5's, with latents of 64 × 64.
  public init(name: String, digest: String) {
    self.name = name
    self.digest = digest
    schedule = .standard
    latentScale = 0.18215
    latentHeight = 64
    latentWidth = 64
    unconditional = nil
    isSinglePicture = false
  }
}
