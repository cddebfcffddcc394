import Arguments
import Curation
import Domain

/// `calibrate`
enum CalibrateVerb: Verb {
  static let spec = CommandSpec(
    "calibrate", group: "Curate",
    summary: "measure which cosine goes with which false-match rate",
    discussion: """
      Compares every pair of different identities in one population. A rate that the cohort is too
      small for is refused: 3 / rate comparisons are needed (rule of three).
      """,
    examples: [
      CommandExample("d2r-curate calibrate --cohort reference --fmr 1e-4", "from the leak gallery")
    ],
    options: [
      OptionSpec("--space", value: "NAME", help: "the space", defaultText: "identity"),
      OptionSpec(
        "--cohort", value: "P", help: "the population to measure on", defaultText: "reference",
        allowed: Population.allCases.map(\.rawValue)),
      OptionSpec("--fmr", value: "RATE", help: "a false-match rate that must be supported"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    var options = CalibrateStep.Options(
      cohort: invocation.string("--cohort").flatMap(Population.init) ?? .reference)
    options.space = invocation.string("--space") ?? options.space
    options.falseMatchRate = try invocation.double("--fmr", in: 1e-12...1)
    let step = CalibrateStep(options)
    return surroundings.show(try await surroundings.withRunner { try await step.run(in: $0) })
  }
}
