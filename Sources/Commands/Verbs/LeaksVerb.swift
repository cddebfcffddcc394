import Arguments
import Curation
import Domain

/// `leaks`
enum LeaksVerb: Verb {
  static let spec = CommandSpec(
    "leaks", group: "Curate",
    summary: "find images that resemble a person of a reference gallery",
    discussion: """
      Compares every image, as it is and mirrored, with every image of the gallery and with several
      prototypes of each of its people; prototypes have a threshold of their own, measured on the
      gallery at the same false-match rate. Each leak says whether it is the same photograph
      (same-picture), the same person in another one (same-person) or near a prototype. Two
      verdicts: reject, which --apply puts aside, and quarantine, which a person should look at.
      Says how many pairs chance alone would give, and what class means would have missed.
      Without --apply nothing changes.
      """,
    examples: [
      CommandExample("d2r-curate leaks --fmr 1e-5", "lists proposals; exit code 1 if any"),
      CommandExample("d2r-curate leaks --gallery real --apply", "real images as the gallery"),
    ],
    options: [
      OptionSpec(
        "--population", value: "P", help: "the images under suspicion",
        defaultText: "digital, generated", isRepeatable: true,
        allowed: Population.allCases.map(\.rawValue)),
      OptionSpec(
        "--gallery", value: "P", help: "what they must not resemble", defaultText: "reference",
        allowed: Population.allCases.map(\.rawValue)),
      SearchOptions.rate, SearchOptions.similarity, SearchOptions.extrapolated,
      OptionSpec(
        "--space", value: "NAME", help: "compare in this space", defaultText: "identity"),
      OptionSpec(
        "--review-fmr", value: "RATE",
        help: "list pairs from the cosine of this rate on for a person to look at",
        defaultText: "1e-4"),
      OptionSpec(flag: "--no-prototypes", help: "compare with images only"),
      OptionSpec(
        flag: "--apply-review", help: "with --apply: put aside what waits for review as well"),
      SearchOptions.engine, SearchOptions.memory, SearchOptions.apply,
    ],
    exitCodes: "0 nothing found or applied\n1 leaks wait\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let settings = try surroundings.workspace().settings
    var options = LeaksStep.Options(rates: settings.rates)
    options.suspects = SearchOptions.populations(
      invocation, "--population", or: options.suspects)
    options.gallery =
      invocation.string("--gallery").flatMap(Population.init) ?? options.gallery
    guard !options.suspects.contains(options.gallery) else {
      throw invocation.usageError(
        "\(options.gallery.rawValue) cannot be both under suspicion and the gallery")
    }
    options.space = invocation.string("--space") ?? options.space
    options.threshold = try SearchOptions.threshold(invocation, or: options.threshold)
    // A cosine by hand needs no calibration, so it is the review threshold too.
    if case .similarity = options.threshold { options.review = options.threshold }
    if let rate = try invocation.double("--review-fmr", in: 1e-12...1) {
      options.review = SearchOptions.rated(.falseMatchRate(rate), invocation)
    }
    options.applies = invocation.flag("--apply") && !surroundings.options.isDryRun
    options.usesPrototypes = !invocation.flag("--no-prototypes")
    options.appliesReview = invocation.flag("--apply-review")
    guard options.applies || !options.appliesReview || surroundings.options.isDryRun else {
      throw invocation.usageError("--apply-review needs --apply")
    }
    options.engine = invocation.string("--engine") ?? options.engine
    options.documented = surroundings.installation.documentedThresholds(settings)
    let step = LeaksStep(
      options,
      builder: try SearchOptions.builder(invocation, threads: surroundings.options.threads))
    let (report, pairs) = try await surroundings.withRunner { context in
      let report = try await step.run(in: context)
      return (report, try await LeakListing.latest(in: context))
    }
    return surroundings.show(report, leaks: pairs)
  }
}
