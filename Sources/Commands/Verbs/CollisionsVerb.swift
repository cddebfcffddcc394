import Arguments
import Curation
import Domain

/// `collisions`
enum CollisionsVerb: Verb {
  static let spec = CommandSpec(
    "collisions", group: "Curate",
    summary: "find identities of the set that look like the same person",
    discussion: """
      Compares every image with every image of another identity, and one mean direction per identity
      with every other, each at its own threshold. Says how many pairs chance alone would give among
      that many comparisons. Proposes the identities that collide with most others first, until none
      collide; with --budget only until the number is what chance usually gives. With --apply all
      images of these identities go into quarantine; undo takes it back.
      """,
    examples: [
      CommandExample("d2r-curate collisions --fmr 1e-5", "lists proposals; exit code 1 if any"),
      CommandExample("d2r-curate collisions --budget --apply", "down to what chance gives"),
    ],
    options: [
      OptionSpec(
        "--population", value: "P", help: "compare the identities of these",
        defaultText: "digital, generated", isRepeatable: true,
        allowed: Population.allCases.map(\.rawValue)),
      SearchOptions.rate, SearchOptions.similarity, SearchOptions.extrapolated,
      OptionSpec(
        "--by", value: "B", help: "what decides", defaultText: "either",
        allowed: CollisionsStep.Basis.allCases.map(\.rawValue)),
      OptionSpec(flag: "--budget", help: "propose no more than brings the number within chance"),
      OptionSpec(
        "--space", value: "NAME", help: "compare in this space", defaultText: "identity"),
      SearchOptions.engine, SearchOptions.memory, SearchOptions.apply,
    ],
    exitCodes: "0 nothing found or applied\n1 collisions wait\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let settings = try surroundings.workspace().settings
    var options = CollisionsStep.Options(rates: settings.rates)
    options.populations = SearchOptions.populations(
      invocation, "--population", or: options.populations)
    options.space = invocation.string("--space") ?? options.space
    options.threshold = try SearchOptions.threshold(invocation, or: options.threshold)
    options.basis =
      invocation.string("--by").flatMap(CollisionsStep.Basis.init) ?? options.basis
    options.staysWithinChance = invocation.flag("--budget")
    if case .similarity = options.threshold, options.staysWithinChance {
      throw invocation.usageError(
        "--budget needs a false-match rate: chance is not known at a cosine given by hand")
    }
    options.applies = invocation.flag("--apply") && !surroundings.options.isDryRun
    options.engine = invocation.string("--engine") ?? options.engine
    options.documented = surroundings.installation.documentedThresholds(settings)
    let step = CollisionsStep(
      options,
      builder: try SearchOptions.builder(invocation, threads: surroundings.options.threads))
    let (report, listing) = try await surroundings.withRunner { context in
      let report = try await step.run(in: context)
      return (report, try await CollisionListing.latest(in: context))
    }
    return surroundings.show(report, collisions: listing)
  }
}
