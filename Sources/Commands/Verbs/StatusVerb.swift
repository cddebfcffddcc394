import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain

/// `status`
enum StatusVerb: Verb {
  static let spec = CommandSpec(
    "status", group: "Look after",
    summary: "show what the workspace holds and which results are stale",
    discussion: """
      With --daemon it shows what serves the workspace, the queue, schedules, watched folders and
      messages instead. Exit code 1: no daemon answers.
      """,
    examples: [
      CommandExample("d2r-curate status", "populations, spaces, stages"),
      CommandExample("d2r-curate status --daemon", "the daemon and its queue"),
    ],
    options: [OptionSpec(flag: "--daemon", help: "show the daemon and what it has to do")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    if invocation.flag("--daemon") { return try await DaemonStatus.show(in: surroundings) }
    // Without the networks there is still much to show, only not what is stale.
    _ = try surroundings.workspace()
    let step = try? surroundings.runStep()
    let (counts, stages, head) = try await surroundings.withRunner { context in
      let counts = try await context.catalog.counts()
      let head = try await context.catalog.ledgerHead()
      let stages = try await step?.standings(in: context) ?? []
      return (counts, stages, head)
    }
    show(counts, stages, head, surroundings.console)
    return .clean
  }

  private static func show(
    _ counts: CatalogCounts, _ stages: [(String, String)], _ head: LedgerHead,
    _ console: Console
  ) {
    if counts.images.isEmpty { console.out("nothing was indexed yet") }
    for row in counts.images {
      console.out(
        """
        \(row.population.rawValue): \(HumanNumbers.count(row.images)) images, \
        \(HumanNumbers.count(row.identities)) identities, \
        \(HumanNumbers.count(row.quarantined)) in quarantine
        """)
    }
    for row in counts.embeddings {
      console.out(
        """
        space \(row.space.name): \(HumanNumbers.count(row.embeddings)) vectors of \
        \(row.space.width) values in \(row.shards) shards
        """)
    }
    for row in counts.outcomes where row.outcome == .rejected {
      console.out("rejected \(row.population.rawValue): \(row.files) files, \(row.reason)")
    }
    for (name, standing) in stages { console.out("stage \(name): \(standing)") }
    console.out("ledger: \(HumanNumbers.count(head.count)) decisions, head \(head.text)")
    console.out(json: document(counts, stages, head))
  }

  private static func document(
    _ counts: CatalogCounts, _ stages: [(String, String)], _ head: LedgerHead
  ) -> JSONValue {
    [
      "ledger": ["count": .int(head.count), "hash": .string(head.hash)],
      "populations": .array(counts.images.map(\.document)),
      "spaces": .array(counts.embeddings.map(\.document)),
      "outcomes": .array(counts.outcomes.map(\.document)),
      "stages": .object(
        Dictionary(stages.map { ($0.0, JSONValue.string($0.1)) }, uniquingKeysWith: { $1 })),
    ]
  }
}
