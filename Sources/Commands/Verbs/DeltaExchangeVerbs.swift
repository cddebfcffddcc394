import Arguments
import Curation
import Diagnostics
import Domain
import FaceEncoding
import FaceGeneration

/// `delta export FILE`
enum DeltaExportVerb: Verb {
  static let spec = CommandSpec(
    "delta export", group: "Curate",
    summary: "write the Δ in force as .npy or .safetensors, with what it is of",
    discussion: """
      The metadata names the space, its encoder by digest, the populations with their counts, the
      statistics and the SHA-256 of the values. A .safetensors file holds it inside; beside FILE.npy it
      lies in FILE.npy.json.
      """,
    examples: [CommandExample("d2r-curate delta export delta.safetensors", "one file with all")],
    positionals: [PositionalSpec("FILE", help: "ends in .npy or .safetensors")],
    options: [
      OptionSpec(
        "--space", value: "NAME", help: "the space", defaultText: "that of the latest Δ")
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard let file = invocation.positional("FILE") else {
      throw invocation.usageError("FILE is needed")
    }
    let exchange = try DeltaExchange(path: file)
    let space = invocation.string("--space")
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would write Δ to \(file)")
      return .clean
    }
    return surroundings.show(
      try await surroundings.withRunner { try await exchange.write(space: space, in: $0) })
  }
}

/// `delta import FILE`
enum DeltaImportVerb: Verb {
  static let spec = CommandSpec(
    "delta import", group: "Curate", summary: "take in a Δ that delta export has written",
    discussion: """
      It is in force from then on. Refused are files whose values do not have the digest they were
      written with, a Δ of another width, space or encoder than this workspace has, and one whose
      halves disagree.
      """,
    examples: [
      CommandExample("d2r-curate delta import delta.safetensors", "from another workspace")
    ],
    positionals: [PositionalSpec("FILE", help: "ends in .npy or .safetensors")],
    options: [
      OptionSpec(flag: "--accept-unstable", help: "take it although its halves disagree"),
      OptionSpec(
        "--model", value: "NAME", help: "the pipeline of a Δ in space conditioning",
        defaultText: "the only diffusion pipeline"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard let file = invocation.positional("FILE") else {
      throw invocation.usageError("FILE is needed")
    }
    let exchange = try DeltaExchange(path: file)
    let accepts = invocation.flag("--accept-unstable")
    let encoder = try? surroundings.conditioningEncoder(invocation.string("--model"))
    return surroundings.show(
      try await surroundings.withRunner { context in
        var spaces: [Space] = []
        if let encoder {
          spaces = try await context.spacesInForce().filter { $0.name == Space.identity }
            .map { encoder.space(over: $0) }
        }
        return try await exchange.read(spaces: spaces, acceptsUnstable: accepts, in: context)
      })
  }
}

/// `delta drift`
enum DeltaDriftVerb: Verb {
  static let spec = CommandSpec(
    "delta drift", group: "Curate",
    summary: "hold a population against the Δ in force, batch by batch",
    discussion: """
      Identities are cut into batches in the order they were indexed. For each batch: the length of its
      Δ along the recorded one, and their cosine, with the limits that a batch of that size keeps by
      chance in all but about one of 370 cases (three standard deviations, by bootstrap). A batch
      outside is a finding.
      """,
    examples: [
      CommandExample(
        "d2r-curate delta drift --population real --batch 100", "exit code 1 where one is outside")
    ],
    options: [
      OptionSpec(
        "--space", value: "NAME", help: "the space of Δ", defaultText: "that of the latest Δ"),
      OptionSpec(
        "--model", value: "NAME", help: "the pipeline of a Δ in space conditioning",
        defaultText: "the only diffusion pipeline"),
      OptionSpec(
        "--population", value: "P", help: "the population to look at",
        defaultText: "the one Δ points to", allowed: Population.allCases.map(\.rawValue)),
      OptionSpec(
        "--batch", value: "N", help: "identities per batch",
        defaultText: "\(DeltaDrift.usualBatch)"),
    ],
    exitCodes: "0 every batch within the limits\n1 some outside\n2 could not finish\n64 wrong usage"
  )

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    var options = DeltaDrift.Options()
    options.space = invocation.string("--space")
    options.population = invocation.string("--population").flatMap(Population.init)
    options.identities = try invocation.int("--batch", in: 2...1_000_000) ?? options.identities
    let model = invocation.string("--model")
    let drift = DeltaDrift(options) { try surroundings.conditioningEncoder(model) }
    return surroundings.show(try await surroundings.withRunner { try await drift.run(in: $0) })
  }
}

extension Surroundings {
  /// The text encoder of a diffusion pipeline: the one named, else the only one.
  func conditioningEncoder(_ name: String?) throws -> ConditioningEncoder {
    let model = try installation.generatorModel(named: name)
    let pipeline = try installation.diffusion(model, .unguided).pipeline
    return ConditioningEncoder(
      digest: model.digest, positions: pipeline.shape.positions, width: pipeline.shape.width
    ) { try pipeline.conditioning(of: $0) }
  }
}
