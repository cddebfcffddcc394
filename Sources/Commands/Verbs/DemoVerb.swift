import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain
import FaceEncoding
import Files

/// `demo DIR`
enum DemoVerb: Verb {
  static let spec = CommandSpec(
    "demo", group: "Set up",
    summary: "make a dataset with planted faults and a workspace around it, to try the job on",
    discussion: """
      The digital population are renders of the installed generator. The real population and the leak
      gallery are renders passed through a simulated camera: a stand-in, not photographs; --real takes
      a folder of your own instead. Copies, leaks and short identities are planted among the renders,
      and planted.csv says where.
      """,
    examples: [
      CommandExample("d2r-curate demo demo", "then: d2r-curate run --workspace demo/workspace"),
      CommandExample("d2r-curate demo demo --real my-photos", "your own real population"),
    ],
    positionals: [PositionalSpec("DIR", help: "the folder to make")],
    options: [
      OptionSpec("--real", value: "FOLDER", help: "a folder of real pictures to use instead"),
      OptionSpec("--identities", value: "N", help: "digital identities", defaultText: "24"),
      OptionSpec(
        "--per-identity", value: "N", help: "pictures wanted per identity", defaultText: "10"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let root = Paths.absolute(invocation.positional("DIR") ?? "demo")
    guard !FileSystem.exists(root) else {
      throw invocation.usageError("\(root) exists already")
    }
    var recipe = DemoDataset.Recipe()
    recipe.identities = try invocation.int("--identities", in: 2...10_000) ?? recipe.identities
    let console = surroundings.console
    guard !surroundings.options.isDryRun else {
      console.out("would make \(recipe.identities) identities in \(root)")
      return .clean
    }
    let workspacePath = Paths.join(root, "workspace")
    var settings = WorkspaceSettings(name: "demonstration")
    try surroundings.installation.choose(for: &settings)
    settings.imagesPerIdentity = try invocation.int("--per-identity", in: 1...10_000) ?? 10
    let chain = try surroundings.installation.chain(settings, crop: .auto)
    let ownReal = invocation.string("--real").map(Paths.absolute)
    let dataset = DemoDataset(
      root: root, recipe: recipe, generator: try surroundings.installation.generator(settings),
      finder: chain.finder, seed: surroundings.options.seed, makesReal: ownReal == nil)
    let planted = try dataset.make(progress: surroundings.progress)
    let workspace = try Workspace.create(at: workspacePath, settings: settings)
    _ = try Catalog.create(path: workspace.catalogPath, clock: Clock.now)
    let digest = surroundings.installation.generatorDigest(settings)
    let steps = [
      (dataset.digitalFolder, Population.digital), (ownReal ?? dataset.realFolder, .real),
      (dataset.referenceFolder, .reference),
    ].map { folder, population in
      IndexStep(
        IndexStep.Options(root: folder, population: population), chain: chain,
        generatorDigest: digest)
    }
    try await surroundings.withRunner(at: workspacePath) { context in
      for step in steps {
        let summary = try await step.run(in: context)
        console.note(summary.sentence)
      }
    }
    show(planted, workspacePath, dataset, console)
    return .clean
  }

  private static func show(
    _ planted: [PlantedItem], _ workspace: String, _ dataset: DemoDataset, _ console: Console
  ) {
    let counts = PlantedItem.Kind.allCases.map { kind in
      (kind.rawValue, planted.count { $0.kind == kind })
    }
    console.out("planted: " + counts.map { "\($0.1) \($0.0)" }.joined(separator: ", "))
    console.out("workspace \(workspace)")
    console.note(
      "next: d2r-curate run --workspace \(workspace) --planted \(dataset.keyFile)")
    console.out(
      json: .object(
        Dictionary(counts.map { ($0.0, JSONValue.int($0.1)) }, uniquingKeysWith: { $1 })
          .merging(["workspace": .string(workspace)], uniquingKeysWith: { $1 })))
  }
}
