import Arguments
import Diagnostics
import FaceEncoding

/// `models list`
enum ModelsListVerb: Verb {
  static let spec = CommandSpec(
    "models list", group: "Set up", summary: "list the installed networks",
    examples: [CommandExample("d2r-curate models list", "name, role, space, licence")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let entries = surroundings.installation.models.list()
    ModelLines.show(entries, surroundings.console)
    if entries.isEmpty {
      surroundings.console.note("none; install them with: Scripts/install-models")
    }
    return entries.contains { $0.problem != nil } ? .findings : .clean
  }
}

/// `models verify`
enum ModelsVerifyVerb: Verb {
  static let spec = CommandSpec(
    "models verify", group: "Set up",
    summary: "compare every installed network with its SHA-256, and ask those that are served",
    discussion:
      "A generator that is a program of its own is started and asked whether it is ready.",
    examples: [CommandExample("d2r-curate models verify", "exit code 1 when one differs")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let entries = surroundings.installation.verified()
    var servers: [String: RemoteState] = [:]
    for entry in entries {
      servers[entry.name] = entry.model.flatMap { surroundings.installation.remoteState($0) }
    }
    ModelLines.show(entries, surroundings.console, servers: servers)
    let isWell = entries.allSatisfy { $0.problem == nil } && servers.values.allSatisfy(\.isWell)
    return isWell ? .clean : .findings
  }
}

/// `models add PATH`
enum ModelsAddVerb: Verb {
  static let spec = CommandSpec(
    "models add", group: "Set up",
    summary: "install a network from a folder with a manifest.json or a pipeline.json",
    discussion: """
      The manifest says what the network takes and gives: input size, mean, std, channel order, resize
      rule, alignment, output width, space, SHA-256 and licence. A CLIP image tower of your own goes
      into the image space with alignment clip. See docs/models.md.

      A folder with pipeline.json, text_encoder.onnx, unet.onnx, vae_decoder.onnx and uncond.npy is a
      diffusion pipeline. See docs/generation.md.
      """,
    examples: [
      CommandExample("d2r-curate models add my-clip", "copies it into the install folder")
    ],
    positionals: [
      PositionalSpec(
        "PATH", help: "folder with manifest.json or pipeline.json, or the manifest itself")
    ],
    options: [
      OptionSpec(
        "--name", value: "NAME", help: "what a pipeline is called", defaultText: "as its folder")
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let path = invocation.positional("PATH") ?? "."
    let name = invocation.string("--name")
    let source = try InstalledModel(source: path, name: name)
    if source.manifest.kind == .diffusion, let runtime = try? surroundings.installation.runtime() {
      // Opened once, so that networks that do not fit together are not installed.
      _ = try surroundings.installation.diffusion(source, .unguided, runtime: runtime)
    }
    if surroundings.options.isDryRun {
      let model = source
      surroundings.console.out("would add \(model.name)")
      return .clean
    }
    let model = try surroundings.installation.models.add(from: path, name: name)
    surroundings.console.out("added \(model.name)")
    surroundings.console.out(json: ["added": .string(model.name), "digest": .string(model.digest)])
    return .clean
  }
}

/// How models are listed.
enum ModelLines {
  /// - Parameter servers: what was found of remote models, by name.
  static func show(
    _ entries: [ModelEntry], _ console: Console, servers: [String: RemoteState] = [:]
  ) {
    for entry in entries {
      console.out(line(entry) + (servers[entry.name].map(words) ?? ""))
    }
    console.out(
      json: .array(
        entries.map { entry in
          var document = document(entry)
          if let state = servers[entry.name] {
            document["server"] = ["ok": .bool(state.isWell), "state": .string(state.text)]
          }
          return document
        }))
  }

  private static func words(_ state: RemoteState) -> String {
    "  \(state.isWell ? "" : "NOT WELL: ")\(state.text)"
  }

  private static func line(_ entry: ModelEntry) -> String {
    guard let manifest = entry.model?.manifest else {
      return "\(entry.name)  BROKEN: \(entry.problem?.message ?? "unknown")"
    }
    let space = manifest.space.map { ", space \($0)" } ?? ""
    let problem = entry.problem.map { "  BROKEN: \($0.message)" } ?? ""
    return "\(entry.name)  \(manifest.role.rawValue)\(space)  \(manifest.licence)\(problem)"
  }

  private static func document(_ entry: ModelEntry) -> JSONValue {
    let manifest = entry.model?.manifest
    return [
      "name": .string(entry.name), "role": JSONValue(manifest?.role.rawValue) { .string($0) },
      "space": JSONValue(manifest?.space) { .string($0) },
      "licence": JSONValue(manifest?.licence) { .string($0) },
      "source": JSONValue(manifest?.source) { .string($0) },
      "digest": JSONValue(entry.model?.digest) { .string($0) },
      "problem": JSONValue(entry.problem?.message) { .string($0) },
    ]
  }
}
