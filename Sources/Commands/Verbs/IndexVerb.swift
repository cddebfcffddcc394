import Arguments
import Curation
import Diagnostics
import Domain
import FaceEncoding
import Files
import Interchange

/// `index PATH --population P`
enum IndexVerb: Verb {
  static let spec = CommandSpec(
    "index", group: "Curate",
    summary: "read a folder of pictures and embed every new one in each space",
    discussion: """
      Reads PNG, JPEG and WebP. A file that cannot be read, or shows no face, is listed with its
      reason and the rest goes on. Running the same command again only looks at what is new or
      changed, by SHA-256; a run that was cut off goes on where it stopped.
      """,
    examples: [
      CommandExample(
        "d2r-curate index renders --population digital", "identity folders are found out"),
      CommandExample(
        "d2r-curate index ffhq --population real --layout ffhq", "FFHQ with or without its JSON"),
    ],
    positionals: [PositionalSpec("PATH", help: "the folder")],
    options: [
      OptionSpec(
        "--population", value: "P", help: "where these pictures come from", isRequired: true,
        allowed: ["digital", "real", "reference"]),
      OptionSpec(
        "--layout", value: "L", help: "how the folder is arranged", defaultText: "auto",
        allowed: ["auto"] + DatasetLayout.allCases.map(\.rawValue)),
      OptionSpec(
        "--crop", value: "C",
        help: """
          where the face is: auto asks the detector and takes tight crops without a found face as \
          they are, detect insists, aligned and whole ask nobody
          """, defaultText: "auto", allowed: CropPolicy.allCases.map(\.rawValue)),
      OptionSpec("--batch", value: "N", help: "files per commit", defaultText: "128"),
      OptionSpec(flag: "--retry-rejected", help: "try rejected files again"),
      OptionSpec(
        "--outcomes", value: "FILE", help: "write every file's outcome and reason as CSV"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let options = try options(invocation)
    if surroundings.options.isDryRun { return try listOnly(options, surroundings) }
    let crop = invocation.string("--crop").flatMap(CropPolicy.init) ?? .auto
    let settings = try surroundings.workspace().settings
    let chain = try surroundings.installation.chain(settings, crop: crop)
    let step = IndexStep(
      options, chain: chain,
      generatorDigest: surroundings.installation.generatorDigest(settings))
    let (summary, outcomes) = try await surroundings.withRunner { context in
      (
        try await step.run(in: context),
        try await OutcomeList.table(root: options.root, in: context)
      )
    }
    if let file = invocation.string("--outcomes") {
      try CSVFile.write(outcomes, to: file)
    }
    let console = surroundings.console
    console.out("\(summary.fileCount) files, layout \(summary.layout): \(summary.sentence)")
    for (reason, count) in summary.rejected.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) })
      .prefix(10)
    {
      console.out("  rejected \(count): \(reason)")
    }
    if summary.missing > 0 { console.out("  \(summary.missing) known files are gone") }
    if summary.seconds > 0, summary.added + summary.replaced > 0 {
      console.note("\(HumanNumbers.rate(summary.rate)) pictures")
    }
    console.out(json: summary.document)
    return .clean
  }

  private static func options(_ invocation: Invocation) throws -> IndexStep.Options {
    guard let population = invocation.string("--population").flatMap(Population.init) else {
      throw invocation.usageError("--population is missing")
    }
    var options = IndexStep.Options(
      root: invocation.positional("PATH") ?? ".", population: population)
    options.layout = invocation.string("--layout").flatMap(DatasetLayout.init)
    options.batchSize = try invocation.int("--batch", in: 1...100_000) ?? options.batchSize
    options.retriesRejected = invocation.flag("--retry-rejected")
    return options
  }

  private static func listOnly(
    _ options: IndexStep.Options, _ surroundings: Surroundings
  ) throws -> ExitCode {
    let listing = try LayoutReader.read(options.root, layout: options.layout)
    let identities = Set(listing.files.compactMap(\.identity)).count
    surroundings.console.out(
      """
      would look at \(listing.files.count) files, layout \(listing.layout.rawValue), \
      \(identities) identities, \(listing.problems.count) problems
      """)
    surroundings.console.out(json: [
      "files": .int(listing.files.count), "layout": .string(listing.layout.rawValue),
      "identities": .int(identities), "problems": .int(listing.problems.count),
    ])
    return .clean
  }
}
