import Arguments
import Cataloging
import Curation
import Diagnostics
import Files

/// `diff A B`
enum DiffVerb: Verb {
  static let spec = CommandSpec(
    "diff", group: "Look after", summary: "which images went in or out between two states, and why",
    discussion: """
      A and B are each a decision's number (the state after it; 0 before the first), batch:N (after
      that batch), a time such as 2026-05-01 or 2026-05-01T12:00:00Z, now, another workspace's folder,
      or a folder that export lists wrote. Without B, the state now.
      """,
    examples: [
      CommandExample("d2r-curate diff 0", "everything the ledger has changed"),
      CommandExample("d2r-curate diff batch:3 batch:4", "what the fourth batch did"),
      CommandExample("d2r-curate diff lists now", "a released list against the set as it is"),
    ],
    positionals: [
      PositionalSpec("A", help: "a state, as above"),
      PositionalSpec("B", help: "a state", arity: .optional),
    ],
    exitCodes: "0 no difference\n1 there are differences\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let first = try await state(invocation.positional("A") ?? "0", surroundings)
    let second = try await state(invocation.positional("B") ?? "now", surroundings)
    let difference = LedgerDifference(from: first, to: second)
    let console = surroundings.console
    let groups = [
      ("-", "left the set", difference.left), ("+", "joined the set", difference.joined),
      ("~", "out for another reason", difference.reasoned),
    ]
    for (sign, _, entries) in groups {
      for entry in entries { console.out("\(sign) \(entry.image)\(why(entry))") }
    }
    let counts = groups.map { "\($0.2.count) \($0.1)" }.joined(separator: ", ")
    console.out("\(first.title) to \(second.title): \(counts)")
    console.out(json: [
      "from": .string(first.title), "to": .string(second.title),
      "left": .array(difference.left.map(document)),
      "joined": .array(difference.joined.map(document)),
      "otherReason": .array(difference.reasoned.map(document)),
    ])
    return difference.isEmpty ? .clean : .findings
  }

  private static func why(_ entry: LedgerDifference.Entry) -> String {
    guard let removal = entry.removal else { return "  (only one side knows it)" }
    let decision = removal.decision.map { "decision \($0), " } ?? ""
    return "  (\(decision)\(removal.author), \(removal.rule): \(removal.reason))"
  }

  private static func document(_ entry: LedgerDifference.Entry) -> JSONValue {
    [
      "image": .string(entry.image),
      "decision": JSONValue(entry.removal?.decision) { .int(Int($0)) },
      "author": JSONValue(entry.removal) { .string($0.author) },
      "rule": JSONValue(entry.removal) { .string($0.rule) },
      "reason": JSONValue(entry.removal) { .string($0.reason) },
    ]
  }

  /// What a word on the command line stands for.
  private static func state(
    _ word: String, _ surroundings: Surroundings
  ) async throws -> SetState {
    if FileSystem.isFile(Paths.join(word, "workspace.json")) {
      let name = Paths.lastComponent(Paths.absolute(word))
      return try await surroundings.withRunner(at: word) {
        try await SetState.read($0.catalog, after: nil, title: name)
      }
    }
    if FileSystem.isFile(Paths.join(word, "removed.csv")) || word.hasSuffix(".csv") {
      return try SetState.read(lists: word)
    }
    return try await surroundings.withRunner { context in
      let sequence = try await position(word, in: context.catalog)
      let title = sequence.map { "decision \($0)" } ?? "now"
      return try await SetState.read(context.catalog, after: sequence, title: title)
    }
  }

  /// The last decision of the state a word names; nil for now.
  private static func position(_ word: String, in catalog: Catalog) async throws -> Int64? {
    if word == "now" { return nil }
    let lines = try await catalog.decisions()
    if let number = Int64(word), number >= 0, number <= Int64(lines.count) { return number }
    if word.hasPrefix("batch:"), let batch = Int64(word.dropFirst("batch:".count)), batch >= 0 {
      return lines.last { $0.batch <= batch }?.sequence ?? 0
    }
    if isTime(word) {
      // Times are compared as they are written: ISO 8601 in UTC sorts by time. A day counts whole.
      let end = word.count == 10 ? word + "T24" : word
      return lines.last { $0.decidedAt <= end }?.sequence ?? 0
    }
    throw CurationError(
      .missingInput, "\(word) is no state: the ledger has \(lines.count) decisions",
      hint: "give a decision's number, batch:N, a time, now, a workspace or a folder of lists")
  }

  private static func isTime(_ word: String) -> Bool {
    let digits = word.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    return digits.map(\.count) == [4, 2, 2] && digits.allSatisfy { $0.allSatisfy(\.isNumber) }
      && (word.count == 10 || (word.hasSuffix("Z") && word.dropFirst(10).hasPrefix("T")))
  }
}
