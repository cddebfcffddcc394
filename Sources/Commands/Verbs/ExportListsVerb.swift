import Arguments
import Curation
import Diagnostics
import Domain

/// `export lists DIR`
enum ExportListsVerb: Verb {
  static let spec = CommandSpec(
    "export lists", group: "Look after",
    summary: "write the lists of what is kept and what was removed, and why",
    discussion: """
      Writes kept.csv, kept.jsonl, removed.csv and removed.jsonl: for every removed image its keeper,
      both similarities, space, threshold, false-match rate, rule, tier, author, reason, decision and
      step. Paths are relative to the indexed folders. The same catalog gives the same bytes.
      """,
    examples: [CommandExample("d2r-curate export lists release", "four files in release/")],
    positionals: [PositionalSpec("DIR", help: "the folder to write into")],
    options: [
      OptionSpec(
        "--population", value: "P", help: "only these", defaultText: "digital, generated",
        isRepeatable: true, allowed: Population.allCases.map(\.rawValue))
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let populations = SearchOptions.populations(
      invocation, "--population", or: [.digital, .generated])
    let lists = try await surroundings.withRunner {
      try await CurationLists(populations, in: $0.catalog)
    }
    if !surroundings.options.isDryRun {
      try lists.write(to: invocation.positional("DIR") ?? ".")
    }
    surroundings.console.out("\(lists.kept.count) kept, \(lists.removed.count) removed")
    surroundings.console.out(json: [
      "kept": .int(lists.kept.count), "removed": .int(lists.removed.count),
    ])
    return .clean
  }
}
