internal import Cryptography
public import Domain
internal import LinearAlgebra
internal import Synchronization

/// A diffusion pipeline as a generator: who is in the picture follows from the vector, the rest from
/// the order's seed. All randomness is addressed by that seed, so an order's picture does not depend
/// on what it is ordered together with.
public final class DiffusionGenerator: Generator {
  public let pipeline: DiffusionPipeline
  public let digest: String
  private let monitor: DiffusionMonitor
  /// One batch at a time: the networks use all threads themselves, and memory holds one batch.
  private let turn = Mutex(())

  public init(_ pipeline: DiffusionPipeline, monitor: DiffusionMonitor = DiffusionMonitor()) {
    self.pipeline = pipeline
    self.monitor = monitor
    digest = SHA256.hex(of: Self.text(pipeline.description.digest, pipeline.settings))
  }

  public var name: String { pipeline.description.name }
  public var input: GeneratorInput { GeneratorInput(.identity, width: pipeline.shape.identity) }
  public var preferredBatch: Int { pipeline.batch }

  /// - Throws: what `DiffusionPipeline.run` throws.
  public func pictures(for orders: PictureOrders) throws -> [GeneratedPicture] {
    try orders.check(for: self)
    guard orders.count > 0 else { return [] }
    return try make(request(orders)).pictures
  }

  /// The same with latents and planes, for a request whose randomness is given.
  public func make(_ request: DiffusionRequest) throws -> DiffusionResult {
    try turn.withLock { _ in try pipeline.run(request, monitor: monitor) }
  }

  /// The orders with the noise that follows from their seeds: stream 0 is the start, stream k what is
  /// added after step k, counted from 1.
  public func request(_ orders: PictureOrders) -> DiffusionRequest {
    let size = pipeline.shape.latentCount
    func noise(_ stream: Int) -> [Float] {
      orders.seeds.flatMap { seed in
        CounterRandom(seed: seed, stream: UInt64(stream)).gaussians(count: size)
      }
    }
    let steps = pipeline.settings.scheduler == .lcm ? pipeline.settings.steps : 1
    return DiffusionRequest(
      identities: orders.vectors, noise: noise(0),
      stepNoise: (1..<max(1, steps)).map(noise))
  }

  /// What the digest is taken over: the model's digest and every setting that changes a picture.
  private static func text(_ model: String, _ settings: DiffusionSettings) -> String {
    var lines = [
      "d2r-diffusion 1", "model \(model)", "scheduler \(settings.scheduler.rawValue)",
      "steps \(settings.steps)", "guidance \(settings.guidance)",
    ]
    if let offset = settings.offset, settings.strength != 0 {
      let bytes = offset.values.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      }
      lines.append("offset \(SHA256.hex(of: bytes)) strength \(settings.strength)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
