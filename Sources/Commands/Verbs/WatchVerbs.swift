import Arguments
import Diagnostics
import Files
import Interchange
import Service

/// `watch add PATH`
enum WatchAddVerb: Verb {
  static let spec = CommandSpec(
    "watch add", group: ServiceOptions.group,
    summary: "index and gate the pictures that arrive in a folder",
    discussion: """
      The daemon looks into the folder every few seconds. When the files that are new have not changed
      for the settling time, it queues one index job for all of them, and after it dedup, and leaks
      where the workspace has a reference population. Without --apply both only propose.
      """,
    examples: [
      CommandExample("d2r-curate watch add renders --population digital", "from now on"),
      CommandExample(
        "d2r-curate watch add renders --population digital --apply --settle 60",
        "duplicates and leaks go into quarantine"),
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
        "--settle", value: "SECONDS", help: "take files that have not changed for so long",
        defaultText: "5"),
      OptionSpec(flag: "--apply", help: "the gates put what they find into quarantine"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    var new = try NewWatch(
      Paths.absolute(invocation.positional("PATH") ?? ""),
      population: invocation.string("--population") ?? "",
      layout: invocation.string("--layout") ?? "auto", among: JobTable.verbs)
    new.applies = invocation.flag("--apply")
    new.settleSeconds = try invocation.int("--settle", in: 0...86_400) ?? new.settleSeconds
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would watch \(new.path)")
      return .clean
    }
    let watch = try await surroundings.serviceStore().add(new)
    surroundings.console.out(WatchLines.line(watch))
    surroundings.console.out(json: watch.document)
    return .clean
  }
}

/// `watch list`
enum WatchListVerb: Verb {
  static let spec = CommandSpec(
    "watch list", group: ServiceOptions.group,
    summary: "list watched folders and how many files wait",
    examples: [CommandExample("d2r-curate watch list", "one line per folder")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let watches = try await surroundings.serviceStore().watches()
    if watches.isEmpty { surroundings.console.out("nothing is watched") }
    for watch in watches { surroundings.console.out(WatchLines.line(watch)) }
    surroundings.console.out(json: .array(watches.map(\.document)))
    return .clean
  }
}

/// `watch remove PATH`
enum WatchRemoveVerb: Verb {
  static let spec = CommandSpec(
    "watch remove", group: ServiceOptions.group,
    summary: "watch a folder no longer; pictures and jobs stay",
    examples: [CommandExample("d2r-curate watch remove renders", "it is not looked into any more")],
    positionals: [PositionalSpec("PATH", help: "the folder, or the watch's number")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let word = invocation.positional("PATH") ?? ""
    let store = try surroundings.serviceStore()
    let watch = try await store.watch(
      named: Int64(word) == nil ? Paths.absolute(word) : word)
    try await store.remove(watch: watch.id)
    surroundings.console.out("\(watch.path) is not watched any more")
    surroundings.console.out(json: ["removed": .int(Int(watch.id))])
    return .clean
  }
}

/// How watches are shown.
enum WatchLines {
  static func line(_ watch: Watch) -> String {
    var line = "\(watch.id)  \(watch.path)  \(watch.population)"
    if watch.applies { line += ", gates apply" }
    if watch.isPaused { line += ", paused" }
    line += "; \(HumanNumbers.count(watch.pending)) files wait"
    if let last = watch.lastScanAt { line += ", looked \(last.plain)" }
    if let problem = watch.problem { line += " (\(problem))" }
    return line
  }
}
