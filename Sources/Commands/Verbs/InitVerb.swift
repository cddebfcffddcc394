import Arguments
import Cataloging
import Curation
import Diagnostics
import Files

/// `init DIR`
enum InitVerb: Verb {
  static let spec = CommandSpec(
    "init", group: "Set up", summary: "make a workspace: settings, catalog and folders",
    discussion: """
      A workspace is the folder of one dataset. Your pictures stay where they are; the workspace
      holds the catalog, the vectors, the generated pictures and the reports. The models in use are
      written down in workspace.json, so that installing others later changes nothing here.
      """,
    examples: [CommandExample("d2r-curate init faces", "makes the folder faces")],
    positionals: [PositionalSpec("DIR", help: "the folder to make")],
    options: [
      OptionSpec(
        "--name", value: "NAME", help: "name in reports", defaultText: "the folder's name"),
      OptionSpec("--identity-encoder", value: "MODEL", help: "encoder of the identity space"),
      OptionSpec("--image-encoder", value: "MODEL", help: "encoder of the image space"),
      OptionSpec("--detector", value: "MODEL", help: "face detector"),
      OptionSpec("--quality", value: "MODEL", help: "network that scores faces, larger is better"),
      OptionSpec("--generator", value: "MODEL", help: "generator that fills quotas"),
      OptionSpec(
        "--per-identity", value: "N", help: "pictures per identity that run fills up to",
        defaultText: "20"),
      OptionSpec(
        flag: "--no-mirrored",
        help: "do not embed digital pictures mirrored as well (indexing is faster)"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let path = invocation.positional("DIR") ?? "."
    var settings = WorkspaceSettings(
      name: invocation.string("--name") ?? Paths.lastComponent(Paths.absolute(path)))
    settings.detector = invocation.string("--detector")
    settings.identityEncoder = invocation.string("--identity-encoder")
    settings.imageEncoder = invocation.string("--image-encoder")
    settings.generator = invocation.string("--generator")
    settings.quality = invocation.string("--quality")
    try surroundings.installation.choose(for: &settings)
    if let wanted = try invocation.int("--per-identity", in: 1...1_000_000) {
      settings.imagesPerIdentity = wanted
    }
    settings.embedsMirrored = !invocation.flag("--no-mirrored")
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would make the workspace \(path)")
      return .clean
    }
    let workspace = try Workspace.create(at: path, settings: settings)
    _ = try Catalog.create(path: workspace.catalogPath, clock: Clock.now)
    surroundings.console.out("workspace \(path) is ready")
    surroundings.console.out(json: ["workspace": .string(path)])
    surroundings.console.note(
      "next: d2r-curate index FOLDER --population digital --workspace \(path)")
    return .clean
  }
}
