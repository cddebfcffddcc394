import Arguments
import Curation
import Domain

/// `calibrate`
enum CalibrateVerb: Verb {
  static let spec = CommandSpec(
    "calibrate", group: "Curate",
    summary: "measure which cosine goes with which false-match rate",
    discussion: """
      Compares every pair of one population with itself: pairs of one person are genuine, pairs of
      two are impostors. Says the cosine at each false-match rate with a 95 % interval, the equal
      error rate, and the share of genuine pairs missed. A rate the cohort is too small for is
      refused: 3 / rate impostor pairs are needed (rule of three). --extrapolate continues the tail
      to smaller rates by a law fitted to it; such cosines are marked and no verb uses them unless it
      is told to. --json has the whole trade-off curve.
      """,
    examples: [
      CommandExample("d2r-curate calibrate --cohort reference --fmr 1e-4", "from the leak gallery"),
      CommandExample("d2r-curate calibrate --extrapolate", "also 1e-6, inferred and marked so"),
      CommandExample("d2r-curate calibrate --groups people.csv", "do groups of people differ?"),
    ],
    options: [
      OptionSpec("--space", value: "NAME", help: "the space", defaultText: "identity"),
      OptionSpec(
        "--cohort", value: "P", help: "the population to measure on", defaultText: "reference",
        allowed: Population.allCases.map(\.rawValue)),
      OptionSpec("--fmr", value: "RATE", help: "a false-match rate that must be supported"),
      OptionSpec(
        flag: "--extrapolate",
        help: "infer cosines at rates that are too small to measure (generalised Pareto tail)"),
      OptionSpec(
        "--groups", value: "FILE",
        help: "a CSV with a column group and a column path or identity: compare these groups"),
    ],
    exitCodes: """
      0 measured
      2 the cohort is too small for the rate, or its tail follows no law
      64 wrong usage
      """)

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    var options = CalibrateStep.Options(
      cohort: invocation.string("--cohort").flatMap(Population.init) ?? .reference)
    options.space = invocation.string("--space") ?? options.space
    options.falseMatchRate = try invocation.double("--fmr", in: 1e-12...1)
    options.extrapolates = invocation.flag("--extrapolate")
    options.groups = invocation.string("--groups")
    let step = CalibrateStep(options)
    return surroundings.show(try await surroundings.withRunner { try await step.run(in: $0) })
  }
}
