import Analysis
import Arguments
import Curation
import VectorSearch

/// `audit [SUITE]`
enum AuditVerb: Verb {
  static let spec = CommandSpec(
    "audit", group: "Curate", summary: "ask every rule of a suite about the dataset",
    discussion: """
      Suites: \(AuditSuite.all.map { "\($0.name) (\($0.rules.count) rules)" }.joined(separator: ", ")).
      """,
    examples: [
      CommandExample("d2r-curate audit release", "exit code 1 when a rule finds something")
    ],
    positionals: [
      PositionalSpec("SUITE", help: "the suite's name; release if left out", arity: .optional)
    ],
    options: [
      OptionSpec(
        "--fmr", value: "RATE",
        help: "identities collide and pictures leak from the cosine of this false-match rate on",
        defaultText: "workspace.json"),
      SearchOptions.extrapolated,
    ],
    exitCodes: "0 every rule passed\n1 a rule found something\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let settings = try surroundings.workspace().settings
    var options = AuditStep.Options(
      suite: invocation.positional("SUITE") ?? "release", rates: settings.rates)
    options.documented = surroundings.installation.documentedThresholds(settings)
    options.rates.leakReview =
      try invocation.double("--fmr", in: 1e-12...1) ?? options.rates.leakReview
    options.allowsExtrapolated = invocation.flag("--allow-extrapolated")
    let step = AuditStep(
      options, builder: FaissIndexBuilder(threads: surroundings.options.threads))
    return surroundings.show(try await surroundings.withRunner { try await step.run(in: $0) })
  }
}
