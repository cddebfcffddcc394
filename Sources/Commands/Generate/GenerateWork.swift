import Curation
import Diagnostics
import Domain
import Execution
import FaceGeneration
import Files
import Interchange
import LinearAlgebra
import Synchronization

/// Pictures by hand: for given vectors, in a folder, each published by rename; a run that was cut off
/// goes on with what is missing.
struct GenerateWork: Sendable {
  let generator: any Generator
  let inputs: GenerateInputs
  let folder: GenerateFolder
  /// Pictures per vector.
  var repeats = 1
  var seed: UInt64 = 0
  var savesLatents = false
  var savesImages = false

  /// What came of it.
  struct Outcome: Sendable {
    /// Pictures that are there, and how many of them were made now.
    var pictures = 0
    var made = 0
    /// Orders without a picture, with the reason.
    var refused: [Int: String] = [:]
    /// Seconds inside the networks.
    var networkSeconds = 0.0
  }

  var orders: Int { inputs.vectors.count * repeats }
  /// Nil for a generator that is no pipeline in this process.
  var diffusion: DiffusionGenerator? { generator as? DiffusionGenerator }

  private var arrays: [GeneratedArray] {
    (savesLatents ? [GeneratedArray(name: "latents", folder: folder.path)] : [])
      + (savesImages ? [GeneratedArray(name: "images", folder: folder.path)] : [])
  }

  func seed(of order: Int) -> UInt64 {
    Seed.derived(from: "generate \(order / repeats) \(order % repeats)", parent: seed)
  }

  /// Orders that can be made.
  var usable: [Int] { (0..<orders).filter { inputs.skipped[$0 / repeats] == nil } }

  /// Usable orders that are not there yet.
  func missing() -> [Int] {
    let present = arrays.map { $0.present(orders) }
    return usable.filter { order in
      !folder.has(order) || present.contains { !$0.contains(order) }
    }
  }

  /// Throws where the arrays do not fit the generator, before anything is written.
  func check() throws {
    let width = generator.input.width
    guard inputs.vectors.width == width else {
      throw GenerationError(
        .vectorsUnfit,
        """
        generator \(generator.name) takes \(generator.input.kind.rawValue) vectors of \(width) \
        values, given \(inputs.vectors.width)
        """)
    }
    guard let pipeline = diffusion?.pipeline else { return }
    let shape = pipeline.shape
    let latent = [shape.channels, shape.latentHeight, shape.latentWidth]
    for (option, given) in inputs.latentShapes.sorted(by: { $0.key < $1.key }) where given != latent
    {
      throw GenerationError(
        .vectorsUnfit,
        "\(option) holds latents of shape \(given), pipeline \(generator.name) takes \(latent)",
        hint: "channels come first, then rows, then columns")
    }
    if !inputs.stepNoise.isEmpty, pipeline.settings.scheduler != .lcm {
      throw GenerationError(
        .settingsUnfit,
        "--step-noise is for lcm; \(pipeline.settings.scheduler.rawValue) adds no noise")
    }
    if let noise = inputs.noise { try pipeline.check(noise: noise.count, of: orders) }
    if !inputs.stepNoise.isEmpty {
      try pipeline.check(stepNoise: inputs.stepNoise.map(\.count), of: orders)
    }
  }

  /// Makes what is missing.
  func run(progress: any ProgressReporter) throws -> Outcome {
    var outcome = Outcome()
    for order in 0..<orders { outcome.refused[order] = inputs.skipped[order / repeats] }
    let missing = missing()
    if diffusion == nil { progress.begin("generating", total: missing.count, unit: "pictures") }
    let batch = max(1, generator.preferredBatch)
    for start in stride(from: 0, to: missing.count, by: batch) {
      let part = Array(missing[start..<min(start + batch, missing.count)])
      try make(part, into: &outcome)
      if diffusion == nil { progress.advance(to: start + part.count) }
      if Interrupts.requested, start + batch < missing.count {
        throw CurationError(
          .interrupted, "generating stopped on request; finished pictures are kept",
          hint: "run the same command again: it goes on where it stopped")
      }
    }
    progress.end(nil)
    try join()
    outcome.pictures = usable.count { outcome.refused[$0] == nil }
    try writeTable(outcome)
    return outcome
  }

  private func make(_ part: [Int], into outcome: inout Outcome) throws {
    let orders = PictureOrders(
      inputs.vectors.rows(part.map { $0 / repeats }), seeds: part.map(seed))
    guard let diffusion else {
      let pictures = try generator.pictures(for: orders)
      return try keep(pictures, part, into: &outcome)
    }
    let result = try diffusion.make(request(diffusion, orders, part))
    outcome.networkSeconds += result.networkSeconds
    let shape = diffusion.pipeline.shape
    for (place, order) in part.enumerated() {
      for array in arrays {
        if array.name == "latents" {
          let size = shape.latentCount
          try array.put(
            Array(result.latents[place * size..<(place + 1) * size]),
            shape: [shape.channels, shape.latentHeight, shape.latentWidth], at: order)
        } else if let picture = result.pictures[place].picture {
          try array.put(
            result.planes[place], shape: [3, picture.height, picture.width], at: order)
        }
      }
    }
    try keep(result.pictures, part, into: &outcome)
  }

  /// The noise that was given, else what follows from the seeds.
  private func request(
    _ diffusion: DiffusionGenerator, _ orders: PictureOrders, _ part: [Int]
  ) -> DiffusionRequest {
    var request = diffusion.request(orders)
    let size = diffusion.pipeline.shape.latentCount
    func rows(_ values: [Float]) -> [Float] {
      // Noise of another size is refused by the pipeline, with the numbers.
      guard values.count == self.orders * size else { return values }
      return part.flatMap { values[$0 * size..<($0 + 1) * size] }
    }
    if let noise = inputs.noise { request.noise = rows(noise) }
    if !inputs.stepNoise.isEmpty { request.stepNoise = inputs.stepNoise.map(rows) }
    return request
  }

  private func keep(
    _ pictures: [GeneratedPicture], _ part: [Int], into outcome: inout Outcome
  ) throws {
    for (order, picture) in zip(part, pictures) {
      switch picture {
      case .picture(let picture):
        try folder.put(picture, at: order)
        outcome.made += 1
      case .none(let reason): outcome.refused[order] = reason
      }
    }
  }

  private func join() throws {
    guard let diffusion else { return }
    let shape = diffusion.pipeline.shape
    for array in arrays {
      var dims = [shape.channels, shape.latentHeight, shape.latentWidth]
      if array.name == "images" {
        guard let entry = array.entryShape(orders) else { continue }
        dims = entry
      }
      try array.join(count: orders, shape: dims)
    }
  }

  /// One line per picture asked for.
  private func writeTable(_ outcome: Outcome) throws {
    let rows = (0..<orders).map { order in
      [
        outcome.refused[order] == nil ? folder.name(order) : "", "\(order / repeats)",
        "\(order % repeats)", "\(seed(of: order))", outcome.refused[order] ?? "made",
      ]
    }
    try CSVFile.write(
      CSVTable(header: ["picture", "row", "repeat", "seed", "outcome"], rows: rows),
      to: Paths.join(folder.path, "pictures.csv"))
  }
}

/// Counts a pipeline's steps for the progress line.
final class StepCounter: Sendable {
  private let done = Atomic<Int>(0)
  private let progress: any ProgressReporter

  init(_ progress: any ProgressReporter) { self.progress = progress }

  func step() { progress.advance(to: done.wrappingAdd(1, ordering: .relaxed).newValue) }
}
