internal import Domain
internal import Inference

/// One batch on its way through a pipeline. The latents live in the UNet's own input where that is
/// float32, and are moved there in place.
struct DiffusionRun {
  private let pipeline: DiffusionPipeline
  private let count: Int
  /// The UNet's inputs and output.
  private let latent: TensorBuffer
  private let timestep: TensorBuffer
  private let conditioning: TensorBuffer
  private let noise: TensorBuffer
  /// The latents in float32: `latent` itself, or a tensor beside it.
  private let state: TensorBuffer
  private let eps: TensorBuffer
  private var networkTime = Duration.zero

  init(_ pipeline: DiffusionPipeline, _ count: Int, rows: Int) {
    let (shape, ports) = (pipeline.shape, pipeline.networks.unetPorts)
    func buffer(_ port: Port, _ dims: [Int]) -> TensorBuffer {
      TensorBuffer(port.elementType ?? .float32, shape: dims)
    }
    let dims = [rows, shape.channels, shape.latentHeight, shape.latentWidth]
    self.pipeline = pipeline
    self.count = count
    latent = buffer(ports.latent, dims)
    noise = buffer(ports.noise, dims)
    conditioning = buffer(ports.conditioning, [rows, shape.positions, shape.width])
    timestep = buffer(ports.timestep, ports.timestep.dims.map { $0 ?? rows })
    state = latent.elementType == .float32 ? latent : TensorBuffer(.float32, shape: dims)
    eps = noise.elementType == .float32 ? noise : TensorBuffer(.float32, shape: dims)
  }

  private var settings: DiffusionSettings { pipeline.settings }
  private var shape: DiffusionShape { pipeline.shape }
  /// Values of all latents of the batch.
  private var length: Int { count * shape.latentCount }

  /// Fills the UNet's conditioning: [u…, c…], or [c…] without guidance.
  mutating func condition(_ identities: Vectors) throws {
    var place = 0
    if settings.isGuided, let unconditional = pipeline.description.unconditional {
      for _ in 0..<count {
        conditioning.store(unconditional, at: place)
        place += unconditional.count
      }
    }
    var answer = try encode(identities)
    shift(&answer)
    conditioning.store(answer, at: place)
  }

  /// The text encoder's answer to any number of identities, in order.
  mutating func encode(_ identities: Vectors) throws -> [Float] {
    let ports = pipeline.networks.textPorts
    let fixed = ports.input.dims[0]
    let most = fixed ?? identities.count
    var answers: [Float] = []
    for start in stride(from: 0, to: identities.count, by: max(1, most)) {
      let rows = start..<min(start + most, identities.count)
      var values = identities.rows(rows).values
      // A fixed batch is filled up with zeros, whose answers are not looked at.
      let unused = (fixed ?? rows.count) - rows.count
      values += [Float](repeating: 0, count: unused * identities.width)
      let answer = try run(
        pipeline.networks.text, ports, [values.count / identities.width, identities.width], values)
      let part = answer.prefix(rows.count * shape.conditioningCount)
      guard part.count == rows.count * shape.conditioningCount else { throw unfit("text encoder") }
      answers += part
    }
    return answers
  }

  private func shift(_ values: inout [Float]) {
    guard let offset = settings.offset, settings.strength != 0 else { return }
    let strength = Float(settings.strength)
    var span = values.mutableSpan
    let delta = offset.values.span
    for start in stride(from: 0, to: span.count, by: delta.count) {
      for place in delta.indices { span[start + place] += strength * delta[place] }
    }
  }

  /// From noise to the final latents, left in `state`.
  mutating func denoise(_ request: DiffusionRequest, _ monitor: DiffusionMonitor) throws {
    let sampler = try settings.scheduler.sampler(
      steps: settings.steps, schedule: pipeline.description.schedule)
    state.store(request.noise)
    let ports = pipeline.networks.unetPorts
    var predicted = [Float](repeating: 0, count: length)
    for (index, step) in sampler.timesteps.enumerated() {
      if monitor.shouldStop() {
        throw GenerationError(
          .interrupted, "generation stopped on request at step \(index + 1) of \(settings.steps)",
          hint: "run the same command again: finished pictures are kept")
      }
      if state !== latent { state.withFloats { latent.store($0.span.extracting(0..<length)) } }
      if settings.isGuided { latent.repeatStart(length, at: length) }
      timestep.set(to: Float(step))
      let began = ContinuousClock.now
      try pipeline.networks.unet.run(
        [
          (ports.latent.name, latent), (ports.timestep.name, timestep),
          (ports.conditioning.name, conditioning),
        ], into: [(ports.noise.name, noise)])
      networkTime += ContinuousClock.now - began
      if eps !== noise { noise.load(into: eps) }
      let fresh = index < request.stepNoise.count ? request.stepNoise[index] : []
      move(by: sampler.move(index), noise: fresh, &predicted)
      monitor.stepDone()
    }
  }

  /// Joins the two branches and moves the latents, all in place.
  private func move(by move: DiffusionMove, noise: [Float], _ predicted: inout [Float]) {
    eps.withFloats { eps in
      if settings.isGuided {
        let guidance = Float(settings.guidance)
        for place in 0..<length {
          let unconditional = eps[place]
          eps[place] = unconditional + guidance * (eps[length + place] - unconditional)
        }
      }
      state.withFloats { state in
        for place in 0..<length {
          state[place] = move.next(
            state[place], eps: eps[place], noise: noise.isEmpty ? 0 : noise[place],
            predicted: &predicted[place])
        }
      }
    }
  }

  /// Decodes one picture at a time, so that memory does not grow with the batch.
  mutating func decode(into result: inout DiffusionResult) throws {
    let ports = pipeline.networks.decoderPorts
    let size = shape.latentCount
    let latents = state.withFloats { floats in (0..<length).map { floats[$0] } }
    let rows = ports.input.dims[0] ?? 1
    let dims = [rows, shape.channels, shape.latentHeight, shape.latentWidth]
    let scale = Float(pipeline.description.latentScale)
    for place in 0..<count {
      var values = latents[place * size..<(place + 1) * size].map { $0 / scale }
      values += [Float](repeating: 0, count: (rows - 1) * size)
      let answer = try runTensor(pipeline.networks.decoder, ports, dims, values)
      guard answer.shape.count == 4, answer.shape[1] == 3, let floats = answer.asFloats else {
        throw unfit("VAE decoder")
      }
      let (height, width) = (answer.shape[2], answer.shape[3])
      let planes = Array(floats.prefix(3 * height * width))
      result.planes.append(planes)
      result.pictures.append(
        DecodedPlanes.picture(planes, width: width, height: height, name: pipeline.description.name)
      )
    }
    result.latents += latents
    result.networkSeconds += networkTime / .seconds(1)
    networkTime = .zero
  }

  private mutating func run(
    _ session: borrowing Session, _ ports: DiffusionNetworks.Ports, _ shape: [Int],
    _ values: [Float]
  ) throws -> [Float] {
    try runTensor(session, ports, shape, values).asFloats ?? []
  }

  private mutating func runTensor(
    _ session: borrowing Session, _ ports: DiffusionNetworks.Ports, _ shape: [Int],
    _ values: [Float]
  ) throws -> Tensor {
    let tensor = Tensor(shape: shape, values, as: ports.input.elementType ?? .float32)
    let began = ContinuousClock.now
    let answers = try session.run(
      [NamedTensor(ports.input.name, tensor)], outputs: [ports.output.name])
    networkTime += ContinuousClock.now - began
    return answers[0]
  }

  private func unfit(_ network: String) -> GenerationError {
    GenerationError(
      .networkUnfit,
      "the \(network) of pipeline \(pipeline.description.name) gave an answer of another shape")
  }
}
