public import Domain
internal import Inference

/// A latent diffusion pipeline driven by identities: text encoder, UNet with a sampler, VAE decoder.
///
/// The conditional branch is the text encoder's answer to the identity, plus Δ times its strength;
/// the unconditional one is the empty prompt's, computed beforehand. Both go through the UNet as one
/// doubled batch [u…, c…], and ε = u + guidance·(c − u); at guidance 1 only the conditional half runs.
/// Sources: Rombach et al., CVPR 2022; Ho and Salimans, 2022; Papantoniou et al. (Arc2Face), ECCV 2024.
public final class DiffusionPipeline: Sendable {
  public let description: DiffusionDescription
  public let settings: DiffusionSettings
  public let shape: DiffusionShape
  let networks: DiffusionNetworks
  /// Pictures per run of the UNet, at most.
  public let batch: Int
  /// Rows of a UNet whose batch is fixed.
  private let fixedRows: Int?

  /// - Parameter identity: values per identity vector, where the network leaves it open.
  /// - Throws: `networkUnfit` where the parts do not fit together; `settingsUnfit` for settings that
  ///   this pipeline cannot have.
  public init(
    _ description: DiffusionDescription, networks: DiffusionNetworks,
    settings: DiffusionSettings, identity: Int? = nil
  ) throws {
    self.description = description
    self.networks = networks
    self.settings = settings
    shape = try DiffusionShape(networks, description, identity: identity)
    let ports = networks.unetPorts
    fixedRows =
      [ports.latent, ports.conditioning, ports.noise].lazy.compactMap { $0.dims[0] }.first
    batch = try Self.batch(description, fixedRows, settings)
    try Self.check(settings, description, shape)
  }

  private static func check(
    _ settings: DiffusionSettings, _ description: DiffusionDescription, _ shape: DiffusionShape
  ) throws {
    func refuse(_ message: String, _ hint: String? = nil) -> GenerationError {
      GenerationError(.settingsUnfit, message, hint: hint)
    }
    _ = try settings.scheduler.sampler(steps: settings.steps, schedule: description.schedule)
    guard settings.guidance.isFinite, settings.guidance >= 0, settings.strength.isFinite else {
      throw refuse("guidance must be at least 0 and strength finite")
    }
    if settings.isGuided, description.unconditional == nil {
      throw refuse(
        """
        pipeline \(description.name) has no unconditional branch, which guidance \
        \(settings.guidance) needs
        """,
        "use guidance 1, or install the pipeline with its uncond.npy")
    }
    guard let offset = settings.offset else { return }
    guard offset.count == shape.positions, offset.width == shape.width else {
      throw refuse(
        """
        Δ has shape \(offset.count) × \(offset.width), the conditioning of pipeline \
        \(description.name) \(shape.positions) × \(shape.width)
        """,
        "estimate Δ in the conditioning space of this very pipeline")
    }
    if offset.values.contains(where: { !$0.isFinite }) {
      throw refuse("Δ has a value that is not finite")
    }
  }

  /// A UNet whose batch is fixed makes as many pictures at once as fit into it.
  private static func batch(
    _ description: DiffusionDescription, _ rows: Int?, _ settings: DiffusionSettings
  ) throws -> Int {
    let branches = settings.isGuided ? 2 : 1
    guard let rows else { return description.isSinglePicture ? 1 : max(1, settings.batch) }
    guard rows >= branches, rows.isMultiple(of: branches) else {
      throw GenerationError(
        .settingsUnfit,
        "the UNet of pipeline \(description.name) takes \(rows) at once; guidance needs pairs",
        hint: "export it with an open batch, or use guidance 1")
    }
    return rows / branches
  }

  /// Rows of the UNet for so many pictures: all of a fixed batch, whose unused rows hold zeros.
  func rows(for count: Int) -> Int {
    fixedRows ?? count * (settings.isGuided ? 2 : 1)
  }

  /// The text encoder's answer to identities, without any Δ: one row of positions × width numbers
  /// each.
  ///
  /// - Throws: `vectorsUnfit` for identities of another width, `networkUnfit` or `InferenceError` where
  ///   the network fails.
  public func conditioning(of identities: Vectors) throws -> Vectors {
    guard identities.width == shape.identity else {
      throw GenerationError(
        .vectorsUnfit,
        """
        identity vectors of \(identities.width) values do not fit pipeline \(description.name), \
        which takes \(shape.identity)
        """)
    }
    var values: [Float] = []
    let stretch = 16
    for start in stride(from: 0, to: identities.count, by: stretch) {
      let places = start..<min(start + stretch, identities.count)
      var run = DiffusionRun(self, 1, rows: 1)
      values += try run.encode(identities.rows(places))
    }
    return Vectors(count: identities.count, width: shape.conditioningCount, values: values)
  }

  /// Makes pictures, `batch` at a time in order. The same row of a request gives the same numbers
  /// whatever stands beside it.
  ///
  /// - Throws: `vectorsUnfit` for identities or noise that do not fit, `interrupted` where the monitor
  ///   asks to stop, `networkUnfit` or `InferenceError` where a network fails.
  public func run(
    _ request: DiffusionRequest, monitor: DiffusionMonitor = DiffusionMonitor()
  ) throws -> DiffusionResult {
    try check(request)
    var result = DiffusionResult(latents: [], planes: [], pictures: [], networkSeconds: 0)
    result.latents.reserveCapacity(request.count * shape.latentCount)
    for start in stride(from: 0, to: request.count, by: batch) {
      let places = start..<min(start + batch, request.count)
      var run = DiffusionRun(self, places.count, rows: rows(for: places.count))
      try run.condition(request.identities.rows(places))
      try run.denoise(part(request, places), monitor)
      try run.decode(into: &result)
    }
    return result
  }

  private func part(_ request: DiffusionRequest, _ places: Range<Int>) -> DiffusionRequest {
    let latents = places.lowerBound * shape.latentCount..<places.upperBound * shape.latentCount
    return DiffusionRequest(
      identities: request.identities.rows(places), noise: Array(request.noise[latents]),
      stepNoise: request.stepNoise.map { Array($0[latents]) })
  }

  private func check(_ request: DiffusionRequest) throws {
    func refuse(_ message: String) -> GenerationError { GenerationError(.vectorsUnfit, message) }
    guard request.identities.width == shape.identity else {
      throw refuse(
        """
        pipeline \(description.name) takes identity vectors of \(shape.identity) values, given \
        \(request.identities.width)
        """)
    }
    try check(noise: request.noise.count, of: request.count)
    try check(stepNoise: request.stepNoise.map(\.count), of: request.count)
  }

  /// - Throws: `vectorsUnfit` unless so many values are the noise of so many pictures.
  public func check(noise values: Int, of pictures: Int) throws {
    let wanted = pictures * shape.latentCount
    guard values != wanted else { return }
    throw GenerationError(
      .vectorsUnfit,
      """
      \(pictures) pictures need noise of \(shape.channels) × \(shape.latentHeight) × \
      \(shape.latentWidth) each, \(wanted) values, given \(values)
      """)
  }

  /// - Throws: `vectorsUnfit` where the sampler takes noise between its steps and these numbers of
  ///   values are not that of so many pictures.
  public func check(stepNoise values: [Int], of pictures: Int) throws {
    guard settings.scheduler == .lcm else { return }
    let (steps, wanted) = (settings.steps - 1, pictures * shape.latentCount)
    guard values.count >= steps, values.allSatisfy({ $0 == wanted }) else {
      throw GenerationError(
        .vectorsUnfit,
        """
        \(settings.scheduler.rawValue) needs noise for \(steps) steps, \(wanted) values each; given \
        \(values)
        """)
    }
  }
}
