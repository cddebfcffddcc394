import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain

/// `quarantine purge`
enum QuarantinePurgeVerb: Verb {
  static let spec = CommandSpec(
    "quarantine purge", group: "Look after",
    summary: "delete what is in quarantine for good; undo cannot bring it back",
    discussion: """
      The one verb that deletes pictures. It deletes generated pictures in quarantine, and with
      --source-files your own files too, removes their vectors by writing the shards anew, forgets
      their landmarks, and records who did it with the SHA-256 of what was deleted. A file that is not
      the one that was indexed stops everything. Without --yes it only says what it would do.

      What stays: the ledger, the catalog's line about the image (path, size, SHA-256), reports
      written before, exported vectors, backups, and for a generated picture the seed it was made from.
      """,
    examples: [
      CommandExample("d2r-curate quarantine purge", "says what would be deleted"),
      CommandExample("d2r-curate quarantine purge --yes", "deletes generated pictures"),
      CommandExample(
        "d2r-curate quarantine purge 17 --source-files --yes", "deletes one file of your own"),
    ],
    positionals: [
      PositionalSpec(
        "IMAGE", help: "images by number or path; else all that is in quarantine",
        arity: .variadic(atLeastOne: false))
    ],
    options: [
      OptionSpec(flag: "--yes", help: "really delete"),
      OptionSpec(flag: "--source-files", help: "delete pictures outside the workspace too"),
      OptionSpec("--reason", value: "TEXT", help: "why", defaultText: "purged by hand"),
      OptionSpec("--author", value: "NAME", help: "who decides", defaultText: "$USER"),
    ],
    exitCodes: """
      0 purged, or nothing to purge
      1 something would be purged: --yes is missing
      2 could not finish
      64 wrong usage
      """)

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let names = invocation.positionals("IMAGE")
    let includesSources = invocation.flag("--source-files")
    let author = surroundings.author(invocation)
    let reason = invocation.string("--reason") ?? "purged by hand"
    let isMeant = invocation.flag("--yes") && !surroundings.options.isDryRun
    let (plan, result) = try await surroundings.withRunner {
      context -> (PurgeStep.Plan, PurgeStep.Result?) in
      let lookup = try await ImageLookup(in: context.catalog)
      let step = PurgeStep(
        PurgeStep.Options(
          images: try lookup.images(names).map(\.id), includesSources: includesSources,
          author: author, reason: reason))
      let plan = try await step.plan(in: context)
      return (plan, isMeant ? try await step.run(plan, in: context) : nil)
    }
    show(plan, result, surroundings.console)
    return plan.isEmpty || result != nil ? .clean : .findings
  }

  private static func show(
    _ plan: PurgeStep.Plan, _ result: PurgeStep.Result?, _ console: Console
  ) {
    for name in plan.names { console.out(name) }
    let verb = result == nil ? "would purge" : "purged"
    console.out(
      """
      \(verb) \(plan.images) images: \(result?.files ?? plan.files) files \
      (\(HumanNumbers.bytes(result?.bytes ?? plan.bytes))), \(plan.vectors) vectors
      """)
    if plan.skipped > 0 {
      console.note("\(plan.skipped) with pictures of your own left alone: see --source-files")
    }
    if result == nil, !plan.isEmpty { console.note("nothing was deleted: add --yes to mean it") }
    console.out(json: [
      "done": .bool(result != nil), "images": .array(plan.names.map { .string($0) }),
      "files": .int(result?.files ?? plan.files), "bytes": .int(result?.bytes ?? plan.bytes),
      "vectors": .int(plan.vectors), "shards": .int(result?.shards ?? 0),
      "skipped": .int(plan.skipped),
      "decisions": .array((result?.sequences ?? []).map { .int(Int($0)) }),
    ])
  }
}
