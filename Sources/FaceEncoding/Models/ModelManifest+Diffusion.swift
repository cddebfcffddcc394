extension ModelManifest {
  /// The constants of a diffusion pipeline, and how it is driven where nobody says otherwise.
  public struct Diffusion: Equatable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
      case latentScale, betaStart, betaEnd, trainingSteps, stepsOffset, latentHeight, latentWidth
      case scheduler, steps, guidance
    }

    /// Latents are divided by this before they are decoded.
    public var latentScale: Double
    /// The noise schedule: β is the square of a linear ramp between their roots.
    public var betaStart: Double
    public var betaEnd: Double
    public var trainingSteps: Int
    /// Added to timesteps that are spaced from the bottom.
    public var stepsOffset: Int
    /// A latent's sides, for networks that leave them open.
    public var latentHeight: Int
    public var latentWidth: Int
    /// `dpm-solver`, `lcm` or `ddim`.
    public var scheduler: String
    /// Nil is the scheduler's usual number.
    public var steps: Int?
    /// Nil is the scheduler's usual guidance.
    public var guidance: Double?

    /// Stable Diffusion 1.5's constants.
    public init() {
      latentScale = 0.18215
      betaStart = 0.00085
      betaEnd = 0.012
      trainingSteps = 1000
      stepsOffset = 1
      latentHeight = 64
      latentWidth = 64
      scheduler = "dpm-solver"
      steps = nil
      guidance = nil
    }

    public init(from decoder: any Decoder) throws {
      try decoder.refuseUnknown(CodingKeys.self)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init()
      func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
        value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
      }
      try read(.latentScale, &latentScale)
      try read(.betaStart, &betaStart)
      try read(.betaEnd, &betaEnd)
      try read(.trainingSteps, &trainingSteps)
      try read(.stepsOffset, &stepsOffset)
      try read(.latentHeight, &latentHeight)
      try read(.latentWidth, &latentWidth)
      try read(.scheduler, &scheduler)
      steps = try values.decodeIfPresent(Int.self, forKey: .steps)
      guidance = try values.decodeIfPresent(Double.self, forKey: .guidance)
    }

    /// What enters the model's digest. How it is driven enters the generator's instead.
    var canonicalLines: [String] {
      [
        "latent scale \(latentScale)", "betas \(betaStart) \(betaEnd) \(trainingSteps)",
        "steps offset \(stepsOffset)", "latent \(latentHeight) \(latentWidth)",
      ]
    }

    static let schedulers = ["dpm-solver", "lcm", "ddim"]

    /// What is wrong, naming the field, or nil.
    var problem: String? {
      if !(latentScale.isFinite && latentScale > 0) {
        return "field 'diffusion.latentScale' must be above 0"
      }
      if !(betaStart > 0 && betaStart <= betaEnd && betaEnd < 1) {
        return "fields 'diffusion.betaStart' and 'diffusion.betaEnd' must rise between 0 and 1"
      }
      if !(2...100_000).contains(trainingSteps) {
        return "field 'diffusion.trainingSteps' must be 2 to 100000"
      }
      if !(0...1).contains(stepsOffset) { return "field 'diffusion.stepsOffset' must be 0 or 1" }
      if !(1...4096).contains(latentHeight) || !(1...4096).contains(latentWidth) {
        return "fields 'diffusion.latentHeight' and 'diffusion.latentWidth' must be 1 to 4096"
      }
      if !Self.schedulers.contains(scheduler) {
        return "field 'diffusion.scheduler' has the unknown value '\(scheduler)'"
      }
      if let steps, steps < 1 { return "field 'diffusion.steps' must be at least 1" }
      if let guidance, !(guidance.isFinite && guidance >= 0) {
        return "field 'diffusion.guidance' must be at least 0"
      }
      return nil
    }
  }

  /// Every part the manifest names: those its kind must have, then the optional ones by name.
  public var parts: [String] {
    kind.parts + files.keys.filter { !kind.parts.contains($0) }.sorted()
  }

  /// Names a part whose file a graph reads its weights from by itself.
  static let externalPrefix = "external."

  /// True for a part that a model of this kind may have besides those it must have: the unconditional
  /// branch of a pipeline and files of weights that lie beside its graphs; whatever a program brings along.
  func mayHave(_ part: String) -> Bool {
    guard kind == .diffusion else { return kind == .exec }
    return part == "uncond" || part == Self.externalPrefix + (files[part]?.file ?? "")
  }
}
