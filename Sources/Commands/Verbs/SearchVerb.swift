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
    examples: [
      CommandExample("d2r-curate search face.png --count 5", "five nearest, all populations")
    ],
    positionals: [PositionalSpec("IMAGE", help: "a picture file")],
    options: [
      OptionSpec("--space", value: "NAME", help: "the space", defaultText: "identity"),
      OptionSpec("--count", value: "K", help: "how many", defaultText: "10"),
      OptionSpec(
        "--population", value: "P", help: "only these", isRepeatable: true,
        allowed: Population.allCases.map(\.rawValue)),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let search = PictureSearch(
      path: invocation.positional("IMAGE") ?? "", space: invocation.string("--space") ?? "identity",
      count: try invocation.int("--count", in: 1...10_000) ?? 10,
      populations: SearchOptions.populations(
        invocation, "--population", or: Set(Population.allCases)))
    let chain = try surroundings.installation.chain(
      try surroundings.workspace().settings, crop: .auto)
    let builder = FaissIndexBuilder(threads: surroundings.options.threads)
    let hits = try await surroundings.withRunner {
      try await search.run(chain: chain, builder: builder, in: $0)
    }
    for hit in hits {
      surroundings.console.out(
        """
        \(HumanNumbers.decimal(Double(hit.similarity.value), 4))  image \(hit.image)  \
        \(hit.population.rawValue)/\(hit.path)
        """)
    }
    surroundings.console.out(
      json: .array(
        hits.map { hit in
          [
            "similarity": JSONValue(hit.similarity.value), "image": .int(Int(hit.image)),
            "population": .string(hit.population.rawValue), "path": .string(hit.path),
            "identity": JSONValue(hit.identity) { .string($0) },
          ]
        }))
    return .clean
  }
}
