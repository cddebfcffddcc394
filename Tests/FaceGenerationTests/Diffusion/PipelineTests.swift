import Domain
import FaceGeneration
import Files
import Inference
import Interchange
import Testing

/// The whole pipeline against StableDiffusionPipeline on the same networks.
@Suite(.enabled(if: Goldens.canRun, Goldens.runAdvice))
struct PipelineTests {
  private func run(
    threads: Int = 1, _ change: (inout DiffusionSettings) throws -> Void = { _ in }
  ) throws -> DiffusionResult {
    try Goldens.pipeline(threads: threads, change).run(try Goldens.request())
  }

  private func expect(_ result: DiffusionResult, matches tag: String) throws {
    let latents = try Goldens.floats("latents_\(tag).npy")
    let images = try Goldens.floats("images_\(tag).npy")
    #expect(Goldens.difference(result.latents, latents) < 4e-4)
    #expect(Goldens.difference(result.planes.flatMap { $0 }, images) < 3e-5)
    #expect(Goldens.levels(Goldens.pixels(result), try Goldens.bytes("images_\(tag)_u8.npy")) <= 1)
  }

  @Test func `without an offset latents and pictures are the reference's`() throws {
    try expect(try run(), matches: "plain")
  }

  @Test func `with an offset latents and pictures are the reference's`() throws {
    try expect(try run { $0.offset = try Goldens.delta() }, matches: "delta")
  }

  @Test func `an offset one per cent too small is beyond the tolerance`() throws {
    let result = try run { $0.offset = try Goldens.delta(scaled: 0.99) }
    let latents = try Goldens.floats("latents_delta.npy")
    #expect(Goldens.difference(result.latents, latents) > 4e-4)
    let half = try run {
      $0.offset = try Goldens.delta(scaled: 2)
      $0.strength = 0.5
    }
    try expect(half, matches: "delta")
  }

  @Test func `the probe of four timesteps is answered as by the reference`() throws {
    let session = try Session(
      path: "\(Goldens.folder)/unet.onnx", runtime: try #require(Installed.runtime))
    let noise = try Goldens.floats("initial_noise.npy")
    let unconditional = try Goldens.floats("uncond.npy")
    let latent = TensorBuffer(.float32, shape: [4, 4, 8, 8])
    latent.store(noise + noise)
    let timestep = TensorBuffer(.int64, shape: [4])
    guard case .integers(let steps) = try Goldens.array("unet_probe_timesteps.npy").values else {
      Issue.record("the probe's timesteps are whole numbers")
      return
    }
    timestep.store(steps.map { Float($0) })
    let conditioning = TensorBuffer(.float32, shape: [4, 77, 32])
    conditioning.store(unconditional + unconditional + (try Goldens.floats("conditioning.npy")))
    let answer = TensorBuffer(.float32, shape: [4, 4, 8, 8])
    try session.run(
      [("latent", latent), ("timestep", timestep), ("conditioning", conditioning)],
      into: [("noise", answer)])
    let values = answer.withFloats { span in span.indices.map { span[$0] } }
    #expect(Goldens.difference(values, try Goldens.floats("unet_probe_noise.npy")) < 1e-5)
  }

  @Test func `the bits do not depend on the batch, its order or the threads`() throws {
    let pair = try Goldens.request()
    var request = DiffusionRequest(identities: pair.identities.rows([0, 1, 1, 0, 1]), noise: [])
    let size = pair.noise.count / 2
    for (place, row) in [0, 1, 0, 1, 1].enumerated() {
      request.noise += pair.noise[row * size..<(row + 1) * size].map { $0 + Float(place) / 8 }
    }
    var results: [DiffusionResult] = []
    for (batch, threads) in [(1, 1), (2, 1), (4, 2), (5, 3)] {
      let pipeline = try Goldens.pipeline(threads: threads) {
        $0.batch = batch
        $0.steps = 5
      }
      results.append(try pipeline.run(request))
    }
    for result in results.dropFirst() {
      #expect(result.latents == results[0].latents && result.pictures == results[0].pictures)
    }
  }

  @Test func `guidance 1 is the conditional branch alone`() throws {
    let alone = try run {
      $0.guidance = 1
      $0.steps = 6
    }
    let nearly = try run {
      $0.guidance = 1.000_001
      $0.steps = 6
    }
    #expect(Goldens.difference(alone.latents, nearly.latents) < 1e-3)
    var description = try Goldens.description()
    description.unconditional = nil
    var settings = DiffusionSettings()
    settings.guidance = 1
    settings.steps = 6
    let without = try DiffusionPipeline(
      description, networks: try Goldens.networks(), settings: settings)
    #expect(try without.run(try Goldens.request()).latents == alone.latents)
    settings.guidance = 2
    let error = #expect(throws: GenerationError.self) {
      try DiffusionPipeline(description, networks: try Goldens.networks(), settings: settings)
    }
    #expect(error?.code == .settingsUnfit)
  }

  @Test func `settings and inputs that do not fit are refused before anything runs`() throws {
    func refused(_ change: (inout DiffusionSettings) -> Void) -> GenerationError.Code? {
      let error = #expect(throws: GenerationError.self) { try Goldens.pipeline(change) }
      return error?.code
    }
    #expect(refused { $0.steps = 0 } == .settingsUnfit)
    #expect(refused { $0.guidance = .nan } == .settingsUnfit)
    #expect(refused { $0.guidance = -1 } == .settingsUnfit)
    #expect(
      refused { $0.offset = Vectors(count: 1, width: 32, values: Array(repeating: 0, count: 32)) }
        == .settingsUnfit)
    let bad = [Float](repeating: .infinity, count: 77 * 32)
    #expect(refused { $0.offset = Vectors(count: 77, width: 32, values: bad) } == .settingsUnfit)
    let pipeline = try Goldens.pipeline()
    var request = try Goldens.request()
    request.noise.removeLast()
    let short = request
    let error = #expect(throws: GenerationError.self) { try pipeline.run(short) }
    #expect(error?.code == .vectorsUnfit)
    let lcm = try Goldens.pipeline { $0 = DiffusionSettings(.lcm) }
    let whole = try Goldens.request()
    #expect(throws: GenerationError.self) { try lcm.run(whole) }
  }

  @Test func `networks of another kind are refused with what they have`() throws {
    let runtime = try #require(Installed.runtime)
    func session(_ name: String) throws -> Session {
      try Session(path: "\(Goldens.folder)/\(name).onnx", runtime: runtime)
    }
    let error = #expect(throws: GenerationError.self) {
      try DiffusionNetworks(
        text: session("unet"), unet: session("unet"), decoder: session("vae_decoder"))
    }
    #expect(error?.code == .networkUnfit && error?.message.contains("timestep") == true)
    #expect(throws: GenerationError.self) {
      try DiffusionNetworks(
        text: session("text_encoder"), unet: session("vae_decoder"),
        decoder: session("vae_decoder"))
    }
  }

  @Test func `noise that is not finite gives no picture, beside one that is`() throws {
    var request = try Goldens.request()
    request.noise[3] = .nan
    let result = try Goldens.pipeline { $0.steps = 2 }.run(request)
    #expect(result.pictures[0].picture == nil && result.pictures[1].picture != nil)
    guard case .none(let reason) = result.pictures[0] else { return }
    #expect(reason.contains("not finite"))
  }

  @Test func `the memory it states grows with the batch`() throws {
    let one = try Goldens.pipeline { $0.batch = 1 }.memory
    let four = try Goldens.pipeline { $0.batch = 4 }.memory
    #expect(four.attention == 4 * one.attention && four.decoding == one.decoding)
    #expect(one.attention == 2 * 8 * 64 * 64 * 4, "two rows of eight heads")
  }
}
