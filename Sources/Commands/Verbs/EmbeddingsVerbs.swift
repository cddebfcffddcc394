import Arguments
import Curation
import Diagnostics
import Domain
import Files
import Interchange

/// `embeddings import FILE`
enum EmbeddingsImportVerb: Verb {
  static let spec = CommandSpec(
    "embeddings import", group: "Curate", summary: "take in vectors that come without pictures",
    discussion: """
      FILE is a NumPy .npy matrix, one row per image. With --ids, a CSV with the columns id and
      identity names the rows; without it they are numbered. Importing the same file again adds
      nothing.
      """,
    examples: [
      CommandExample(
        "d2r-curate embeddings import arcface.npy --space identity --population digital --ids ids.csv",
        "then calibrate, dedup, leaks and report tsne work on them")
    ],
    positionals: [PositionalSpec("FILE", help: "a .npy file of float32 rows")],
    options: [
      OptionSpec(
        "--space", value: "NAME", help: "the space the vectors belong to", isRequired: true),
      OptionSpec(
        "--population", value: "P", help: "where the images come from", isRequired: true,
        allowed: Population.allCases.map(\.rawValue)),
      OptionSpec("--ids", value: "FILE", help: "CSV with columns id and identity"),
      OptionSpec(
        "--encoder", value: "NAME",
        help: "what made the vectors; other encoders' are never compared",
        defaultText: "imported"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard let population = invocation.string("--population").flatMap(Population.init),
      let file = invocation.positional("FILE"), let space = invocation.string("--space")
    else { throw invocation.usageError("FILE, --space and --population are needed") }
    var options = ImportStep.Options(file: file, space: space, population: population)
    options.identifiers = invocation.string("--ids")
    options.isDryRun = surroundings.options.isDryRun
    options.encoder = invocation.string("--encoder") ?? options.encoder
    let step = ImportStep(options)
    return surroundings.show(try await surroundings.withRunner { try await step.run(in: $0) })
  }
}

/// `embeddings export FILE`
enum EmbeddingsExportVerb: Verb {
  static let spec = CommandSpec(
    "embeddings export", group: "Curate",
    summary: "write the vectors of a space as .npy, with their ids beside them",
    examples: [
      CommandExample(
        "d2r-curate embeddings export identity.npy --space identity",
        "also writes identity.npy.csv: population, id, identity, one line per row")
    ],
    positionals: [PositionalSpec("FILE", help: "the .npy file to write")],
    options: [
      OptionSpec("--space", value: "NAME", help: "the space", isRequired: true),
      OptionSpec(
        "--population", value: "P", help: "only these", isRepeatable: true,
        allowed: Population.allCases.map(\.rawValue)),
      OptionSpec(flag: "--quarantined", help: "with images in quarantine"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard let file = invocation.positional("FILE"), let space = invocation.string("--space") else {
      throw invocation.usageError("FILE and --space are needed")
    }
    let populations = SearchOptions.populations(
      invocation, "--population", or: Set(Population.allCases))
    let includesQuarantined = invocation.flag("--quarantined")
    let export = try await surroundings.withRunner { context in
      try await VectorExport.read(
        space: space, populations: populations, includesQuarantined: includesQuarantined,
        in: context)
    }
    if !surroundings.options.isDryRun {
      try NumpyFile.write(export.vectors, to: file)
      try CSVFile.write(
        CSVTable(header: ["population", "id", "identity"], rows: export.names), to: file + ".csv")
    }
    surroundings.console.out("\(export.vectors.count) vectors of \(export.vectors.width) values")
    surroundings.console.out(json: [
      "vectors": .int(export.vectors.count), "width": .int(export.vectors.width),
    ])
    return .clean
  }
}
