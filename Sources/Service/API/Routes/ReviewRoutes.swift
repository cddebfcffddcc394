internal import Cataloging
internal import Curation
internal import Diagnostics
internal import Domain

/// Pairs, a person's answers about them, and the ledger.
struct ReviewRoutes: Sendable {
  let desk: Desk
  /// Tells whoever listens that the ledger changed.
  let changed: @Sendable () -> Void

  var routes: [Route] {
    [
      Route(.get, "/api/v1/pairs", role: .reader, handle: pairs),
      Route(.get, "/api/v1/review", role: .reader, handle: queue),
      Route(.post, "/api/v1/review/answers", role: .curator, handle: answer),
      Route(.post, "/api/v1/review/undo", role: .curator, handle: undoAnswer),
      Route(.get, "/api/v1/decisions", role: .reader, handle: decisions),
      Route(.post, "/api/v1/decisions", role: .curator, handle: decide),
      Route(.post, "/api/v1/decisions/undo", role: .curator, handle: undo),
    ]
  }

  private func kind(_ call: RouteCall) throws -> PairRecord.Kind? {
    switch try call.query("kind") {
    case nil: nil
    case "duplicate": .duplicate
    case "leak": .leak
    default: throw Problem.badField("kind", "must be duplicate or leak")
    }
  }

  private func pairs(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    guard page.cursor?.allSatisfy(\.isHexDigit) != false else { throw RouteCall.Page.strangeCursor }
    let kind = try kind(call)
    let levels = try await desk.identityLevels()
    let faces = try await desk.realFaces()
    let all = try await desk.reviewQueue().known.values
      .filter { (kind == nil || $0.pair.kind == kind) && $0.key > (page.cursor ?? "") }
      .sorted { $0.key < $1.key }
    let shown = all.prefix(page.limit)
    return .list(
      shown.map { $0.document(levels: levels, faces) },
      next: all.count > shown.count ? shown.last?.key : nil)
  }

  private func queue(_ call: RouteCall) async throws -> Reply {
    let limit = try call.query("limit", in: 1...1000) ?? 100
    let kind = try kind(call)
    let levels = try await desk.identityLevels()
    let faces = try await desk.realFaces()
    let open = try await desk.reviewQueue().items.filter { kind == nil || $0.pair.kind == kind }
    return .json([
      "items": .array(open.prefix(limit).map { $0.document(levels: levels, faces) }),
      "left": .int(open.count),
    ])
  }

  private func answer(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["pair", "answer", "note"])
    let key = try fields.required("pair")
    guard let action = ReviewAnswers.action(try fields.required("answer")),
      action == .same || action == .different || action == .unsure
    else { throw Problem.badField("answer", "must be same, different or unsure") }
    guard let item = try await desk.reviewQueue().known[key] else {
      throw Problem(
        404, "notFound", "no step in force found this pair", hint: "load the queue again")
    }
    let decision = ReviewQueue.decision(
      action, about: item, by: call.caller.name, note: try fields.string("note"))
    let result = try await desk.catalog.answer([decision])
    changed()
    return .json([
      "sequences": .array(result.sequences.map { .int(Int($0)) }),
      "refused": .array(result.conflicts.map(\.reply)),
      "left": .int(try await desk.reviewQueue().items.count),
    ])
  }

  /// Takes back the last answer the caller gave that still stands.
  private func undoAnswer(_ call: RouteCall) async throws -> Reply {
    let lines = try await desk.catalog.decisions(
      before: nil, limit: 1000, author: call.caller.name)
    let undone = try await desk.catalog.undone(among: lines.map(\.sequence))
    let answers: Set<DecisionAction> = [.same, .different, .unsure]
    var pair: JSONValue = .null
    if let last = lines.first(where: {
      answers.contains($0.decision.action) && $0.undoes == nil && !undone.contains($0.sequence)
    }) {
      _ = try await desk.catalog.undo(batch: last.batch, by: call.caller.name)
      changed()
      let evidence = try? JSONValue(parsing: last.decision.evidence)
      pair = evidence?["pair"] ?? .null
    }
    return .json(["pair": pair, "left": .int(try await desk.reviewQueue().items.count)])
  }

  private func decisions(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    let lines = try await desk.catalog.decisions(
      before: try page.number, limit: page.limit,
      image: try call.query("image", in: 1...Int.max).map(Int64.init),
      author: try call.query("author"))
    let undone = try await desk.catalog.undone(among: lines.map(\.sequence))
    return .list(
      lines.map { $0.document(isUndone: undone.contains($0.sequence)) },
      next: lines.count == page.limit ? lines.last.map { "\($0.sequence)" } : nil)
  }

  private enum Wish: String, CaseIterable { case quarantine, restore, protect, unprotect }

  private func decide(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["images", "action", "reason"])
    guard let wish = try fields.choice("action", Wish.self) else {
      throw Problem.badField("action", "is missing")
    }
    let reason = try fields.required("reason")
    guard let given = fields["images"]?.arrayValue, (1...10_000).contains(given.count) else {
      throw Problem.badField("images", "must be a list of 1 to 10000 images' ids")
    }
    let images = try given.map { value throws(Problem) in
      guard let id = value.intValue, id > 0 else { throw .badField("images", "must be ids") }
      return Int64(id)
    }
    guard wish != .unprotect else {
      let written = try await desk.catalog.unprotect(images, by: call.caller.name)
      changed()
      return .json(batch(written.first?.batch, written.count, refused: []))
    }
    let action: DecisionAction =
      switch wish {
      case .quarantine: .quarantine
      case .restore: .restore
      case .protect, .unprotect: .protect
      }
    let result = try await desk.catalog.append(
      images.map {
        NewDecision(
          image: $0, action: action, author: call.caller.name, rule: "by hand", reason: reason)
      })
    changed()
    return .json(
      batch(result.batch, result.sequences.count, refused: result.conflicts.map(\.reply)))
  }

  private func batch(_ batch: Int64?, _ decided: Int, refused: [JSONValue]) -> JSONValue {
    [
      "batch": JSONValue(batch) { .int(Int($0)) }, "decided": .int(decided),
      "refused": .array(refused),
    ]
  }

  private func undo(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["batch"])
    guard let batch = try fields.int("batch", in: 1...Int.max) else {
      throw Problem.badField("batch", "is missing")
    }
    let written = try await desk.catalog.undo(batch: Int64(batch), by: call.caller.name)
    changed()
    return .json(["undone": .int(written.count)])
  }
}

extension DecisionConflict {
  fileprivate var reply: JSONValue {
    let (person, line) = (standing.decision, standing.sequence)
    return [
      "image": .int(Int(refused.image)),
      "reason": .string(
        "\(person.author) said \(person.action.rawValue) (decision \(line)) and is not overruled"),
    ]
  }
}
