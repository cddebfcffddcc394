import Arguments
import Curation
import Domain

/// `dedup`
enum DedupVerb: Verb {
  static let spec = CommandSpec(
    "dedup", group: "Curate",
    summary: "find exact and near-duplicates and propose which image of a group to keep",
    discussion: """
      Two images are near-duplicates when both keys say so: the same person (cosine in the identity
      space) and the same picture (cosine in the image space, or correlation of the two crops after
      registering one onto the other, either way round). Groups do not chain: every member is a
      duplicate of the image that is kept, which is the sharpest. Without --apply nothing changes.
      """,
    examples: [
      CommandExample("d2r-curate dedup", "lists proposals; exit code 1 when there are any"),
      CommandExample("d2r-curate dedup --apply", "puts them into quarantine"),
      CommandExample(
        "d2r-curate dedup --space clip --similarity-at-least 0.95",
        "one key alone, for vectors without pictures"),
    ],
    options: [
      OptionSpec(
        "--population", value: "P", help: "search these together",
        defaultText: "digital, generated",
        isRepeatable: true, allowed: Population.allCases.map(\.rawValue)),
      SearchOptions.rate, SearchOptions.similarity, SearchOptions.extrapolated,
      OptionSpec(
        "--image-at-least", value: "COSINE", help: "second key, cosine in the image space",
        defaultText: "0.98"),
      OptionSpec(
        "--registered-at-least", value: "R", help: "second key, correlation after registration",
        defaultText: "0.98"),
      OptionSpec("--space", value: "NAME", help: "search this space with one key alone"),
      SearchOptions.engine, SearchOptions.apply,
    ],
    exitCodes: "0 nothing found or applied\n1 proposals wait\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let settings = try surroundings.workspace().settings
    var options = DedupStep.Options(rates: settings.rates)
    options.populations = SearchOptions.populations(
      invocation, "--population", or: options.populations)
    options.identity = try SearchOptions.threshold(invocation, or: options.identity)
    if let floor = try invocation.double("--image-at-least", in: -1...1) {
      options.imageSimilarity = CosineSimilarity(Float(floor))
    }
    if let floor = try invocation.double("--registered-at-least", in: -1...1) {
      options.registeredCorrelation = CosineSimilarity(Float(floor))
    }
    options.onlySpace = invocation.string("--space")
    options.applies = invocation.flag("--apply") && !surroundings.options.isDryRun
    options.engine = invocation.string("--engine") ?? options.engine
    options.documented = surroundings.installation.documentedThresholds(settings)
    let step = DedupStep(
      options,
      builder: try SearchOptions.builder(invocation, threads: surroundings.options.threads))
    let (report, pairs) = try await surroundings.withRunner { context in
      let report = try await step.run(in: context)
      return (report, try await PairListing.latest(of: DedupStep.name, in: context))
    }
    return surroundings.show(report, pairs: pairs)
  }
}
