import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain

/// `blame IMAGE`
enum BlameVerb: Verb {
  static let spec = CommandSpec(
    "blame", group: "Look after", summary: "tell the whole history of one image",
    discussion: """
      When and how it was indexed, every pair it was in, every decision about it with its author,
      reason, evidence and threshold, what took what back, and how it stands now.
      """,
    examples: [
      CommandExample("d2r-curate blame 17", "image 17"),
      CommandExample("d2r-curate blame digital/100004/copy-1.png", "by population and path"),
    ],
    positionals: [PositionalSpec("IMAGE", help: "an image by number or path")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let name = invocation.positional("IMAGE") ?? ""
    let history = try await surroundings.withRunner { context in
      let lookup = try await ImageLookup(in: context.catalog)
      return try await ImageHistory(of: lookup.image(name), in: context.catalog, lookup)
    }
    for line in BlameText(history: history).lines { surroundings.console.out(line) }
    surroundings.console.out(json: BlameDocument(history: history).document)
    return .clean
  }
}

/// An image's history for people.
private struct BlameText {
  let history: ImageHistory

  var lines: [String] { heading + pairs + decisions + [state] }

  private var heading: [String] {
    let image = history.image
    let identity = image.identityName.map { ", identity \($0)" } ?? ""
    let time = history.indexedAt.map { " at \($0)" } ?? ""
    let spaces = history.vectors.map(\.space.name).joined(separator: ", ")
    var lines = [
      "image \(image.id)  \(image.shownPath)\(identity)",
      """
      indexed\(time), layout \(history.source?.layout ?? "unknown"); vectors: \
      \(spaces.isEmpty ? "none" : spaces)
      """,
    ]
    if let digest = image.facts.digest { lines.append("SHA-256 \(digest)") }
    if let attempt = history.attempt {
      let share = HumanNumbers.decimal(attempt.interpolation, 4)
      lines.append(
        "generated: candidate \(attempt.number), seed \(attempt.seed), slerp \(share)")
    }
    if let next = history.successor { lines.append("the file has changed: see image \(next)") }
    return lines
  }

  private var pairs: [String] {
    history.pairs.map { pair in
      let recorded = pair.recorded.pair
      let role =
        recorded.removed == history.image.id ? "proposed for removal beside" : "kept beside"
      let cosines = [
        ("identity", recorded.identitySimilarity), ("picture", recorded.imageSimilarity),
      ].compactMap { name, value in
        value.map { "\(name) \(HumanNumbers.decimal(Double($0.value), 4))" }
      }.joined(separator: ", ")
      let answer = pair.answer.map {
        "; \($0.decision.author) says \($0.decision.action.rawValue)"
      }
      return """
        pair  \(pair.step.name) \(pair.step.ordinal)\(pair.isLatest ? "" : " (superseded)"): \
        \(recorded.tier)\(recorded.isMirrored ? ", mirrored" : ""), \(role) \
        \(pair.other.shownPath), \(cosines), \(recorded.verdict); \
        \(pair.threshold?.text ?? "no threshold")\(answer ?? "")
        """
    }
  }

  private var decisions: [String] {
    history.lines.map { line in
      let decision = line.record.decision
      let about = decision.action.isAboutPair ? " as \(line.other?.shownPath ?? "")" : ""
      let undoes = line.record.undoes.map { ", undoes \($0)" } ?? ""
      let undone = line.takenBackBy.map { ", taken back by \($0)" } ?? ""
      let threshold = line.threshold.map { " [\($0.text)]" } ?? ""
      return """
        decision \(line.record.sequence)  \(line.record.decidedAt)  \(decision.author): \
        \(decision.action.rawValue)\(about) by \(decision.rule): \(decision.reason)\(undoes)\
        \(undone)\(threshold)
        """
    }
  }

  private var state: String {
    let by = history.inForce.map { " by decision \($0.sequence)" } ?? ""
    return "now: \(history.state.rawValue)\(by)"
  }
}

/// An image's history for programs.
private struct BlameDocument {
  let history: ImageHistory

  var document: JSONValue {
    let image = history.image
    return [
      "image": .int(Int(image.id)), "population": .string(image.population.rawValue),
      "path": .string(image.path), "identity": JSONValue(image.identityName) { .string($0) },
      "sha256": JSONValue(image.facts.digest) { .string($0) },
      "layout": JSONValue(history.source) { .string($0.layout) },
      "indexedAt": JSONValue(history.indexedAt) { .string($0) },
      "replacedBy": JSONValue(history.successor) { .int(Int($0)) },
      "vectors": .array(
        history.vectors.map { place in
          [
            "space": .string(place.space.name), "encoder": .string(place.space.encoderDigest),
            "shard": .string(place.file), "row": .int(place.row),
          ]
        }),
      "attempt": JSONValue(history.attempt) { attempt in
        [
          "request": .string(attempt.request), "number": .int(attempt.number),
          "seed": .string("\(attempt.seed)"), "interpolation": .double(attempt.interpolation),
        ]
      },
      "pairs": .array(history.pairs.map(pair)), "decisions": .array(history.lines.map(line)),
      "state": .string(history.state.rawValue),
      "inForce": JSONValue(history.inForce) { .int(Int($0.sequence)) },
    ]
  }

  private func pair(_ pair: ImageHistory.Pair) -> JSONValue {
    let recorded = pair.recorded.pair
    return [
      "step": .string(pair.recorded.step), "stepName": .string(pair.step.name),
      "number": .int(pair.recorded.number), "latest": .bool(pair.isLatest),
      "kind": .string(recorded.kind.rawValue), "tier": .string(recorded.tier),
      "role": .string(recorded.removed == history.image.id ? "removed" : "kept"),
      "other": .string(pair.other.shownPath), "verdict": .string(recorded.verdict),
      "identitySimilarity": JSONValue(recorded.identitySimilarity) { JSONValue($0.value) },
      "pictureSimilarity": JSONValue(recorded.imageSimilarity) { JSONValue($0.value) },
      "mirrored": .bool(recorded.isMirrored),
      "threshold": JSONValue(pair.threshold) { $0.document },
      "answer": JSONValue(pair.answer) { .string($0.decision.action.rawValue) },
      "answeredBy": JSONValue(pair.answer) { .string($0.decision.author) },
    ]
  }

  private func line(_ line: ImageHistory.Line) -> JSONValue {
    let decision = line.record.decision
    return [
      "decision": .int(Int(line.record.sequence)), "batch": .int(Int(line.record.batch)),
      "action": .string(decision.action.rawValue), "author": .string(decision.author),
      "rule": .string(decision.rule), "reason": .string(decision.reason),
      "evidence": (try? JSONValue(parsing: decision.evidence)) ?? .string(decision.evidence),
      "other": JSONValue(line.other) { .string($0.shownPath) },
      "step": JSONValue(decision.step) { .string($0) },
      "parameters": JSONValue(line.step) {
        (try? JSONValue(parsing: $0.parameters)) ?? .string($0.parameters)
      },
      "threshold": JSONValue(line.threshold) { $0.document },
      "undoes": JSONValue(line.record.undoes) { .int(Int($0)) },
      "takenBackBy": JSONValue(line.takenBackBy) { .int(Int($0)) },
      "decidedAt": .string(line.record.decidedAt),
    ]
  }
}
