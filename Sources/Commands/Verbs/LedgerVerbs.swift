import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain

/// `undo`
enum UndoVerb: Verb {
  static let spec = CommandSpec(
    "undo", group: "Look after", summary: "take back the last decisions, or one of them",
    discussion: """
      The ledger is append-only: undoing writes a new decision that takes back an old one. Nothing was
      deleted, so everything comes back. The one exception is quarantine purge, which deletes: it
      cannot be undone.
      """,
    examples: [
      CommandExample("d2r-curate undo", "takes back what the last --apply decided"),
      CommandExample("d2r-curate undo --decision 12", "takes back decision 12 alone"),
    ],
    options: [
      OptionSpec("--decision", value: "N", help: "the decision's number in the ledger"),
      OptionSpec("--author", value: "NAME", help: "who takes it back", defaultText: "$USER"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let author = surroundings.author(invocation)
    let number = try invocation.int("--decision", in: 1...Int.max)
    let undone = try await surroundings.withRunner { context -> [DecisionRecord] in
      if let number {
        return [try await context.catalog.undo(sequence: Int64(number), by: author)]
      }
      return try await context.catalog.undoLastBatch(by: author)
    }
    surroundings.console.out("\(undone.count) decisions taken back")
    surroundings.console.out(json: ["undone": .int(undone.count)])
    return .clean
  }
}

/// `quarantine list`
enum QuarantineListVerb: Verb {
  static let spec = CommandSpec(
    "quarantine list", group: "Look after", summary: "list what was put aside, and why",
    examples: [CommandExample("d2r-curate quarantine list", "one line per image")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let (decisions, images) = try await surroundings.withRunner { context in
      (
        try await context.catalog.quarantined(),
        try await context.catalog.images(
          ImageFilter(includesQuarantined: true, includesOutdated: true))
      )
    }
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    for record in decisions {
      guard let image = byID[record.decision.image] else { continue }
      surroundings.console.out(
        """
        \(image.id)  \(image.shownPath)  \(record.decision.rule): \
        \(record.decision.reason)
        """)
    }
    surroundings.console.note("\(decisions.count) images in quarantine")
    surroundings.console.out(
      json: .array(
        decisions.map { record in
          let image = byID[record.decision.image]
          return [
            "image": .int(Int(record.decision.image)), "decision": .int(Int(record.sequence)),
            "path": .string(image?.path ?? ""),
            "population": .string(image?.population.rawValue ?? ""),
            "rule": .string(record.decision.rule), "reason": .string(record.decision.reason),
            "author": .string(record.decision.author),
          ]
        }))
    return .clean
  }
}

/// `quarantine restore IMAGE...`
enum QuarantineRestoreVerb: Verb {
  static let spec = CommandSpec(
    "quarantine restore", group: "Look after", summary: "put images back, as a person's decision",
    discussion:
      "A rule never overrules a person: the images stay in the set until you say otherwise.",
    examples: [CommandExample("d2r-curate quarantine restore 17 23", "images 17 and 23 are back")],
    positionals: [
      PositionalSpec(
        "IMAGE", help: "images by number or path, as quarantine list shows them",
        arity: .variadic(atLeastOne: true))
    ],
    options: [
      OptionSpec("--reason", value: "TEXT", help: "why", defaultText: "restored by hand"),
      OptionSpec("--author", value: "NAME", help: "who decides", defaultText: "$USER"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let names = invocation.positionals("IMAGE")
    let author = surroundings.author(invocation)
    let reason = invocation.string("--reason") ?? "restored by hand"
    let restored = try await surroundings.withRunner { context -> Int in
      let lookup = try await ImageLookup(in: context.catalog)
      let images = try lookup.images(names)
      let quarantined = Set(try await context.catalog.quarantined().map(\.decision.image))
      if let free = images.first(where: { !quarantined.contains($0.id) }) {
        throw CurationError(
          .missingInput, "image \(free.id) is not in quarantine",
          hint: "see which are: d2r-curate quarantine list")
      }
      let decisions = images.map {
        NewDecision(
          image: $0.id, action: .restore, author: author, rule: "restore", reason: reason)
      }
      return try await context.catalog.append(decisions).sequences.count
    }
    surroundings.console.out("\(restored) images restored")
    surroundings.console.out(json: ["restored": .int(restored)])
    return .clean
  }
}

extension Surroundings {
  /// Who decides: named, else the user of the machine.
  func author(_ invocation: Invocation) -> String {
    let named = invocation.string("--author") ?? environment["USER"] ?? ""
    return named.isEmpty || named == NewDecision.rule ? "person" : named
  }
}
