import Arguments
import FaceGeneration

/// The options that say how a diffusion pipeline is driven.
enum DiffusionOptions {
  static let specs = [
    OptionSpec(
      "--scheduler", value: "NAME", help: "how noise becomes a picture",
      defaultText: "the pipeline's, usually dpm-solver",
      allowed: DiffusionScheduler.allCases.map(\.rawValue)),
    OptionSpec(
      "--steps", value: "N", help: "steps of the scheduler",
      defaultText: "the pipeline's; 25, or 4 for lcm"),
    OptionSpec(
      "--guidance", value: "G", help: "classifier-free guidance; 1 is none and takes half the time",
      defaultText: "the pipeline's; 3, or 1 for lcm"),
    OptionSpec(
      "--delta", value: "D.npy",
      help: "offset added to the conditional branch, [positions, width]"),
    OptionSpec("--strength", value: "S", help: "factor on the offset", defaultText: "1"),
  ]

  static func wish(_ invocation: Invocation) throws -> DiffusionWish {
    var wish = DiffusionWish()
    wish.scheduler = invocation.string("--scheduler").flatMap(DiffusionScheduler.init)
    wish.steps = try invocation.int("--steps", in: 1...100_000)
    wish.guidance = try invocation.double("--guidance", in: 0...1000)
    wish.strength = try invocation.double("--strength", in: -1000...1000)
    wish.offset = try invocation.string("--delta").map(GenerateInputs.offset)
    if wish.strength != nil, wish.offset == nil {
      throw invocation.usageError("--strength needs --delta")
    }
    return wish
  }
}
