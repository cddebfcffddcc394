import Arguments
import Curation
import Domain

/// `delta`
enum DeltaVerb: Verb {
  static let spec = CommandSpec(
    "delta", group: "Curate",
    summary: "estimate Δ, the offset from the digital to the real population",
    discussion: """
      Means are taken per identity first, so that identities with many pictures do not outweigh the
      others. Reported with its norm and direction, a bootstrap interval of each, the cosine between
      the Δs of two halves, a permutation p-value, and the area under the curve along Δ and along Δ
      whitened, each on images that took no part in the fit. A Δ whose halves agree by less than a
      cosine of 0.99 is refused, and the message says how many more identities would suffice.
      """,
    examples: [CommandExample("d2r-curate delta --space image", "Δ in the image space")],
    options: [
      OptionSpec(
        "--space", value: "NAME",
        help: "the space; conditioning is what a pipeline's text encoder makes of identity vectors",
        defaultText: "image"),
      OptionSpec(
        "--model", value: "NAME", help: "the pipeline of space conditioning",
        defaultText: "the only diffusion pipeline"),
      OptionSpec(
        "--from", value: "P", help: "where Δ starts", defaultText: "digital",
        allowed: Population.allCases.map(\.rawValue)),
      OptionSpec(
        "--to", value: "P", help: "where Δ points", defaultText: "real",
        allowed: Population.allCases.map(\.rawValue)),
      OptionSpec(
        flag: "--accept-unstable", help: "record Δ although its halves disagree"),
    ],
    exitCodes: "0 recorded\n2 could not finish, or Δ is not stable\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    var options = DeltaStep.Options()
    options.space = invocation.string("--space") ?? options.space
    options.from = invocation.string("--from").flatMap(Population.init) ?? options.from
    options.to = invocation.string("--to").flatMap(Population.init) ?? options.to
    options.acceptsUnstable = invocation.flag("--accept-unstable")
    let model = invocation.string("--model")
    let isConditioning = options.space == ConditioningEncoder.space
    guard isConditioning || model == nil else {
      throw invocation.usageError("--model is for --space \(ConditioningEncoder.space)")
    }
    let step = DeltaStep(
      options,
      conditioning: isConditioning ? try surroundings.conditioningEncoder(model) : nil)
    return surroundings.show(try await surroundings.withRunner { try await step.run(in: $0) })
  }
}
