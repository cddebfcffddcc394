import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain
import Files
import Interchange
import Reporting

/// Options of the three review verbs.
private enum ReviewOptions {
  static let kind = OptionSpec(
    "--kind", value: "K", help: "only these pairs", defaultText: "both",
    allowed: ["duplicates", "leaks"])
  static let all = OptionSpec(
    flag: "--all", help: "with pairs whose image is in quarantine, or kept by a person")
  static let author = OptionSpec(
    "--author", value: "NAME", help: "who answers", defaultText: "$USER")

  static func queue(_ invocation: Invocation) throws -> ReviewQueue.Options {
    var options = ReviewQueue.Options()
    switch invocation.string("--kind") {
    case "duplicates": options.kind = .duplicate
    case "leaks": options.kind = .leak
    default: options.kind = nil
    }
    options.limit = try invocation.int("--limit", in: 1...100_000)
    options.includesSettled = invocation.flag("--all")
    return options
  }

  static func limit(_ standard: String) -> OptionSpec {
    OptionSpec("--limit", value: "N", help: "most pairs", defaultText: standard)
  }
}

/// `review`
enum ReviewVerb: Verb {
  static let spec = CommandSpec(
    "review", group: "Look after", summary: "judge pairs one by one: same, different or unsure",
    discussion: """
      Shows the pairs that dedup and leaks found and nobody answered yet, the strongest first. Every
      answer is written into the ledger at once, so you may stop at any time and go on later.

      Same puts the image aside in your name. Different takes back what a rule decided because of this
      pair, and no rule will act on the pair again. Unsure is noted; the pair comes last from then on.
      z takes your last answer back, q stops. Answers may be piped in, one a line.
      """,
    examples: [
      CommandExample("d2r-curate review --kind leaks", "asks about possible leaks"),
      CommandExample("printf 'd\\ns\\nq\\n' | d2r-curate review", "two answers, then stop"),
    ],
    options: [
      ReviewOptions.kind, ReviewOptions.limit("all"), ReviewOptions.all, ReviewOptions.author,
    ],
    exitCodes: "0 nothing is left to answer\n1 pairs wait\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let options = try ReviewOptions.queue(invocation)
    let author = surroundings.author(invocation)
    let console = surroundings.console
    let (counts, left) = try await surroundings.withRunner { context in
      let queue = try await ReviewQueue(options, in: context.catalog)
      var dialogue = ReviewDialogue(
        queue.items, by: author, catalog: context.catalog, console: console,
        asksAboutSettled: options.includesSettled)
      try await dialogue.run()
      return (dialogue.counts, try await ReviewQueue(options, in: context.catalog).items.count)
    }
    let answered = counts.values.reduce(0, +)
    console.out("\(answered) answered, \(left) left")
    console.out(json: [
      "answered": .int(answered), "left": .int(left),
      "answers": .object(
        Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, .int($0.value)) })),
    ])
    return left == 0 ? .clean : .findings
  }
}

/// `review export DIR`
enum ReviewExportVerb: Verb {
  static let spec = CommandSpec(
    "review export", group: "Look after",
    summary: "write the pairs to judge as a page that works offline, and as CSV",
    discussion: """
      Writes review.html, which shows the pairs side by side, takes answers by key (1 same, 2
      different, 3 unsure, z undo) and lets you download them, and review.csv with an empty column
      answer. Pictures of real people are reduced to blocks of colour unless you ask with --show-real.
      """,
    examples: [
      CommandExample("d2r-curate review export queue --kind leaks", "queue/review.html"),
      CommandExample("d2r-curate review import answers.csv --author ada", "reads the answers back"),
    ],
    positionals: [PositionalSpec("DIR", help: "the folder to write into")],
    options: [
      ReviewOptions.kind, ReviewOptions.limit("200"), ReviewOptions.all, ReportOptions.showReal,
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    var options = try ReviewOptions.queue(invocation)
    options.limit = options.limit ?? 200
    let showsReal = invocation.flag("--show-real")
    let (files, count) = try await surroundings.withRunner { [options] context in
      let queue = try await ReviewQueue(options, in: context.catalog)
      return (
        try await ReviewFiles(queue.items, showsReal: showsReal, in: context), queue.items.count
      )
    }
    if !surroundings.options.isDryRun {
      try files.write(to: invocation.positional("DIR") ?? ".")
    }
    surroundings.console.out("\(count) pairs to judge: review.html, review.csv")
    surroundings.console.out(json: ["pairs": .int(count)])
    return .clean
  }
}

/// `review import FILE`
enum ReviewImportVerb: Verb {
  static let spec = CommandSpec(
    "review import", group: "Look after", summary: "read answers back into the ledger",
    discussion: """
      FILE is a CSV with the columns pair and answer (same, different or unsure; empty is no answer)
      and, if you like, note. A row that cannot be used is listed with its reason and the rest goes
      on. All answers are one batch: undo takes them back together.
      """,
    examples: [
      CommandExample("d2r-curate review import answers.csv --author ada", "answers by ada")
    ],
    positionals: [PositionalSpec("FILE", help: "answers, as review export's page downloads them")],
    options: [ReviewOptions.author],
    exitCodes: "0 all rows were used\n1 some rows were not\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let table = try CSVFile.read(invocation.positional("FILE") ?? "")
    let author = surroundings.author(invocation)
    let (answers, result) = try await surroundings.withRunner { context in
      let queue = try await ReviewQueue(ReviewQueue.Options(), in: context.catalog)
      let answers = try ReviewAnswers(table, about: queue, by: author)
      return (answers, try await context.catalog.answer(answers.decisions))
    }
    show(answers, result, surroundings.console)
    return answers.bad.isEmpty && result.conflicts.isEmpty ? .clean : .findings
  }

  private static func show(
    _ answers: ReviewAnswers, _ result: AppendResult, _ console: Console
  ) {
    for row in answers.bad { console.out("row \(row.row) (\(row.pair)): \(row.reason)") }
    for conflict in result.conflicts {
      console.out(
        """
        image \(conflict.refused.image) stays: \(conflict.standing.decision.author) said \
        \(conflict.standing.decision.action.rawValue) (decision \(conflict.standing.sequence))
        """)
    }
    let taken = answers.decisions.count - result.unchanged.count
    console.out(
      """
      \(taken) answers taken in, \(result.unchanged.count) known already, \(answers.blank) empty, \
      \(answers.bad.count) not used
      """)
    console.out(json: [
      "answers": .int(taken), "unchanged": .int(result.unchanged.count),
      "empty": .int(answers.blank),
      "bad": .array(
        answers.bad.map {
          ["row": .int($0.row), "pair": .string($0.pair), "reason": .string($0.reason)]
        }),
      "conflicts": .array(
        result.conflicts.map {
          [
            "image": .int(Int($0.refused.image)),
            "decision": .int(Int($0.standing.sequence)),
            "author": .string($0.standing.decision.author),
          ]
        }),
    ])
  }
}
