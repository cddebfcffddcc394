import Arguments
import Curation
import Execution
import Files

/// The options every verb takes.
struct GlobalOptions: Sendable {
  static let specs: [OptionSpec] = [
    OptionSpec(
      "--workspace", value: "DIR", help: "the workspace",
      defaultText: "$D2R_WORKSPACE, else the nearest one upwards from the current folder"),
    OptionSpec(flag: "--json", help: "print one JSON document instead of text"),
    OptionSpec(flag: "--quiet", help: "no progress and no remarks"),
    OptionSpec("--seed", value: "N", help: "seed of all randomness", defaultText: "0"),
    OptionSpec(
      "--threads", value: "N", help: "threads of compute; results do not depend on it",
      defaultText: "all processors"),
    OptionSpec(
      "--gallery-key", value: "FILE", help: "key or passphrase of sealed galleries",
      defaultText: "$D2R_GALLERY_KEY", isRepeatable: true),
    OptionSpec(flag: "--dry-run", help: "say what would be done and write nothing"),
  ]

  let workspace: String?
  let isJSON: Bool
  let isQuiet: Bool
  let seed: UInt64
  let threads: Int
  let isDryRun: Bool
  /// Files with the keys of sealed galleries.
  let galleryKeys: [String]

  init(_ invocation: Invocation) throws {
    workspace = invocation.string("--workspace")
    isJSON = invocation.flag("--json")
    isQuiet = invocation.flag("--quiet")
    seed = UInt64(try invocation.int("--seed", in: 0...Int.max) ?? 0)
    threads = try invocation.int("--threads", in: 1...1024) ?? Processors.available
    isDryRun = invocation.flag("--dry-run")
    galleryKeys = invocation.strings("--gallery-key")
  }

  /// The workspace folder these options and the environment name.
  func workspaceFolder(environment: [String: String]) throws -> String {
    if let workspace { return workspace }
    if let named = environment["D2R_WORKSPACE"], !named.isEmpty { return named }
    if let enclosing = Workspace.enclosing(".") { return enclosing }
    throw CurationError(
      .workspace, "this folder is not inside a workspace",
      hint: "name one with --workspace DIR, or make one with: d2r-curate init DIR")
  }
}
