import Analysis
import Arguments
import Curation
import Diagnostics
import Domain

/// `dedup`
enum DedupVerb: Verb {
  static let spec = CommandSpec(
    "dedup", group: "Curate",
    summary: "find exact and near-duplicates and propose which image of a group to keep",
    discussion: """
      Two images are near-duplicates when both keys say so: the same person (cosine in the identity
      space) and the same picture (cosine in the image space, or correlation of the two crops after
      registering one onto the other, either way round). Before that come equal files, equal decoded
      pixels and close perceptual hashes, which need no face. Groups do not chain: every member is a
      duplicate of the image that is kept. Pairs that were searched are kept in the workspace, so a
      stricter threshold needs no second search. Without --apply nothing changes.
      """,
    examples: [
      CommandExample("d2r-curate dedup", "lists proposals; exit code 1 when there are any"),
      CommandExample("d2r-curate dedup --apply", "puts them into quarantine"),
      CommandExample(
        "d2r-curate dedup --space clip --similarity-at-least 0.95",
        "one key alone, for vectors without pictures"),
      CommandExample(
        "d2r-curate dedup --sweep 0.9,0.95,0.98", "what three thresholds would remove"),
      CommandExample(
        "d2r-curate dedup --population digital --population real --protect real",
        "no real image is removed, and a real one wins"),
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
        defaultText: "0.98, or 0.995 where the hashes of the whole pictures disagree"),
      OptionSpec(
        "--hash-at-most", value: "BITS",
        help: "perceptual hashes of one picture differ in at most this many of 256 bits, 0 to 31",
        defaultText: "10"),
      OptionSpec(
        "--without", value: "TIER", help: "leave this tier out", isRepeatable: true,
        allowed: DuplicateTier.allCases.filter { $0 != .exact }.map(\.rawValue)),
      OptionSpec(
        "--scope", value: "S", help: "compare all images, or only those of one identity",
        defaultText: "global", allowed: DedupStep.Scope.allCases.map(\.rawValue)),
      OptionSpec(
        "--keep", value: "RULE",
        help: """
          which image of a group stays: quality (then the larger, then the oldest), centrality (most \
          like the others, then like its identity, then by quality), or oldest
          """, defaultText: "quality", allowed: KeeperRule.allCases.map(\.rawValue)),
      OptionSpec(
        "--protect", value: "P", help: "images of this population always stay, and win",
        isRepeatable: true, allowed: Population.allCases.map(\.rawValue)),
      OptionSpec(
        "--sweep", value: "COSINES",
        help: "print what each of these thresholds would remove, and propose nothing"),
      OptionSpec("--space", value: "NAME", help: "search this space with one key alone"),
      SearchOptions.engine, SearchOptions.memory, SearchOptions.apply,
    ],
    exitCodes: "0 nothing found or applied\n1 proposals wait\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let step = DedupStep(
      try options(invocation, surroundings),
      builder: try SearchOptions.builder(invocation, threads: surroundings.options.threads))
    if let list = invocation.string("--sweep") {
      return try await sweep(step, list, invocation, surroundings)
    }
    let (report, pairs) = try await surroundings.withRunner { context in
      let report = try await step.run(in: context)
      return (report, try await PairListing.latest(of: DedupStep.name, in: context))
    }
    return surroundings.show(report, pairs: pairs)
  }

  private static func options(
    _ invocation: Invocation, _ surroundings: Surroundings
  ) throws -> DedupStep.Options {
    let settings = try surroundings.workspace().settings
    var options = DedupStep.Options(rates: settings.rates)
    options.protectedPopulations = SearchOptions.populations(invocation, "--protect", or: [])
    options.populations = SearchOptions.populations(
      invocation, "--population", or: options.populations
    ).union(options.protectedPopulations)
    options.identity = try SearchOptions.threshold(invocation, or: options.identity)
    if let floor = try invocation.double("--image-at-least", in: -1...1) {
      options.imageSimilarity = CosineSimilarity(Float(floor))
      options.registeredAlone = nil
    }
    if let floor = try invocation.double("--registered-at-least", in: -1...1) {
      options.registeredCorrelation = CosineSimilarity(Float(floor))
      options.registeredAlone = nil
    }
    options.hashDistance =
      try invocation.int("--hash-at-most", in: 0...HashSearch.largestDistance)
      ?? options.hashDistance
    options.without = Set(invocation.strings("--without").compactMap(DuplicateTier.init))
    options.onlySpace = invocation.string("--space")
    options.scope = invocation.string("--scope").flatMap(DedupStep.Scope.init) ?? options.scope
    options.keep = invocation.string("--keep").flatMap(KeeperRule.init) ?? options.keep
    options.applies = invocation.flag("--apply") && !surroundings.options.isDryRun
    options.keepsGraph = !surroundings.options.isDryRun
    options.engine = invocation.string("--engine") ?? options.engine
    options.documented = surroundings.installation.documentedThresholds(settings)
    return options
  }

  /// What several thresholds would remove.
  private static func sweep(
    _ step: DedupStep, _ list: String, _ invocation: Invocation, _ surroundings: Surroundings
  ) async throws -> ExitCode {
    guard !invocation.flag("--apply"), invocation.string("--fmr") == nil,
      invocation.string("--similarity-at-least") == nil
    else {
      throw invocation.usageError(
        "--sweep proposes nothing: leave out --apply, --fmr and --similarity-at-least")
    }
    let thresholds = try list.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let value = Float(word), (-1...1).contains(value) else {
        throw invocation.usageError(
          "--sweep takes cosines in -1...1 with commas between, such as 0.9,0.95; not '\(word)'")
      }
      return CosineSimilarity(value)
    }
    let sweep = try await surroundings.withRunner { try await step.sweep(thresholds, in: $0) }
    for line in sweep.text { surroundings.console.out(line) }
    surroundings.console.out(json: sweep.document)
    return .clean
  }
}
