public import Domain

/// Pictures asked of a pipeline, with all randomness given.
public struct DiffusionRequest: Equatable, Sendable {
  /// Unit vectors, one per picture.
  public var identities: Vectors
  /// N(0, 1) numbers, one latent per picture.
  public var noise: [Float]
  /// For samplers that take noise: for every step but the last, one latent per picture.
  public var stepNoise: [[Float]]

  public init(identities: Vectors, noise: [Float], stepNoise: [[Float]] = []) {
    self.identities = identities
    self.noise = noise
    self.stepNoise = stepNoise
  }

  public var count: Int { identities.count }
}

/// What a pipeline made.
public struct DiffusionResult: Equatable, Sendable {
  /// Final latents, before the division by the scale; one per picture.
  public var latents: [Float]
  /// The decoder's planes [3, height, width] in about −1...1, not clamped; one per picture.
  public var planes: [[Float]]
  /// The same at 8 bits, or why there is none.
  public var pictures: [GeneratedPicture]
  /// Seconds spent inside the networks.
  public var networkSeconds: Double
}

/// What long work on a pipeline asks and tells between its steps.
public struct DiffusionMonitor: Sendable {
  /// True where the work is to end before its next step.
  public var shouldStop: @Sendable () -> Bool
  /// A step of a batch is done.
  public var stepDone: @Sendable () -> Void

  /// Never stops, and tells nobody, unless told otherwise.
  public init(
    shouldStop: @escaping @Sendable () -> Bool = { false },
    stepDone: @escaping @Sendable () -> Void = {}
  ) {
    self.shouldStop = shouldStop
    self.stepDone = stepDone
  }
}
