import Arguments
import Curation
import Diagnostics
import Domain
import FaceEncoding
import VectorSearch

/// `search IMAGE`
enum SearchVerb: Verb {
  static let spec = CommandSpec(
    "search", group: "Look after", summary: "find the indexed images nearest to a picture",
    discussion: """
      Where the space is calibrated, every hit says which false-match rate goes with its cosine: how
      often two different people are that similar. With N images searched, N times that rate hits are
      expected by chance alone.
      """,
    examples: [
      CommandExample("d2r-curate search face.png --count 5", "five nearest, all populations"),
      CommandExample("d2r-curate search face.png --fmr 1e-4", "only hits that mean something"),
    ],
    positionals: [PositionalSpec("IMAGE", help: "a picture file")],
    options: [
      OptionSpec("--space", value: "NAME", help: "the space", defaultText: "identity"),
      OptionSpec("--count", value: "K", help: "how many", defaultText: "10"),
      OptionSpec(
        "--fmr", value: "RATE", help: "leave out hits below the cosine of this false-match rate"),
      OptionSpec(
        "--similarity-at-least", value: "COSINE", help: "leave out hits below this cosine"),
      SearchOptions.extrapolated,
      OptionSpec(
        "--population", value: "P", help: "only these", isRepeatable: true,
        allowed: Population.allCases.map(\.rawValue)),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let settings = try surroundings.workspace().settings
    var search = PictureSearch(
      path: invocation.positional("IMAGE") ?? "", space: invocation.string("--space") ?? "identity",
      count: try invocation.int("--count", in: 1...10_000) ?? 10,
      populations: SearchOptions.populations(
        invocation, "--population", or: Set(Population.allCases)))
    search.threshold = try SearchOptions.threshold(invocation)
    search.documented = surroundings.installation.documentedThresholds(settings)
    let chain = try surroundings.installation.chain(settings, crop: .auto)
    let builder = FaissIndexBuilder(threads: surroundings.options.threads)
    let answer = try await surroundings.withRunner { [search] in
      try await search.run(chain: chain, builder: builder, in: $0)
    }
    for hit in answer.hits { surroundings.console.out(line(hit)) }
    for remark in remarks(answer) { surroundings.console.note(remark) }
    surroundings.console.out(json: .array(answer.hits.map { document($0, answer) }))
    return .clean
  }

  private static func line(_ hit: PictureSearch.Hit) -> String {
    let level = hit.level.map { "  \($0.text)" } ?? ""
    return """
      \(HumanNumbers.decimal(Double(hit.similarity.value), 4))\(level)  image \(hit.image)  \
      \(hit.population.rawValue)/\(hit.path)
      """
  }

  private static func remarks(_ answer: PictureSearch.Answer) -> [String] {
    let threshold = answer.threshold.map { "hits at \($0.text)" }
    let levels =
      answer.levels.map {
        """
        FMR: share of \(HumanNumbers.count($0.comparisons)) pairs of different \($0.cohort.rawValue) \
        people that are as similar
        """
      } ?? "not calibrated: no cosine says what a hit means; see d2r-curate calibrate --help"
    return [threshold, levels].compactMap { $0 }
  }

  private static func document(
    _ hit: PictureSearch.Hit, _ answer: PictureSearch.Answer
  ) -> JSONValue {
    [
      "similarity": JSONValue(hit.similarity.value), "image": .int(Int(hit.image)),
      "population": .string(hit.population.rawValue), "path": .string(hit.path),
      "identity": JSONValue(hit.identity) { .string($0) },
      "falseMatchRateAtMost": JSONValue(hit.level) { .double($0.rate) },
      "falseMatchRateIsBound": JSONValue(hit.level) { .bool($0.isBound) },
      "calibratedOn": JSONValue(answer.levels) { .string($0.cohort.rawValue) },
      "threshold": JSONValue(answer.threshold) { $0.document },
    ]
  }
}
