internal import Cataloging
internal import Curation
internal import Diagnostics
internal import Domain

/// Who asks, and how the workspace stands.
struct StatusRoutes: Sendable {
  /// How many jobs are in which state.
  struct JobCounts: Sendable {
    var queued: Int
    var running: Int
    var failed: Int
  }

  let desk: Desk
  let jobs: @Sendable () async throws -> JobCounts

  var routes: [Route] {
    [
      Route(.get, "/api/v1/session", role: .reader, handle: session),
      Route(.get, "/api/v1/status", role: .reader, handle: status),
    ]
  }

  private func session(_ call: RouteCall) async throws -> Reply {
    .json([
      "name": .string(call.caller.name), "role": .string(call.caller.role.rawValue),
      "workspace": .string(desk.context.workspace.settings.name),
      "version": .string(desk.context.toolVersion),
    ])
  }

  private func status(_ call: RouteCall) async throws -> Reply {
    let head = try await desk.catalog.ledgerHead()
    let audits = try await desk.audits()
    let waiting = try await desk.reviewQueue().items
    let jobs = try await jobs()
    var document = try await counts()
    document["workspace"] = .string(desk.context.workspace.settings.name)
    document["version"] = .string(desk.context.toolVersion)
    document["ledger"] = ["count": .int(head.count), "hash": .string(head.hash)]
    document["stages"] = try await stages()
    let last = audits.last
    document["verdict"] = .string(
      last.map { $0.failures + $0.warnings == 0 ? "clean" : "findings" } ?? "unknown")
    document["findings"] = [
      "failures": .int(last?.failures ?? 0), "warnings": .int(last?.warnings ?? 0),
      "notes": .int(last?.notes ?? 0),
    ]
    document["auditedAt"] = JSONValue(last?.finishedAt) { .string($0) }
    document["trend"] = .array(
      audits.suffix(100).map { audit in
        [
          "at": .string(audit.finishedAt), "suite": .string(audit.suite),
          "failures": .int(audit.failures), "warnings": .int(audit.warnings),
          "notes": .int(audit.notes),
        ]
      })
    document["quota"] = try await quota()
    document["review"] = [
      "duplicates": .int(waiting.count { $0.pair.kind == .duplicate }),
      "leaks": .int(waiting.count { $0.pair.kind == .leak }),
    ]
    document["jobs"] = [
      "queued": .int(jobs.queued), "running": .int(jobs.running), "failed": .int(jobs.failed),
    ]
    return .json(document)
  }

  private func counts() async throws -> JSONValue {
    let counts = try await desk.catalog.counts()
    return [
      "populations": .array(counts.images.map(\.document)),
      "spaces": .array(
        counts.embeddings.map { row in
          var document = row.document
          document["encoder"] = .string(row.space.encoderDigest)
          return document
        }),
      "outcomes": .array(counts.outcomes.map(\.document)),
    ]
  }

  private func stages() async throws -> JSONValue {
    let steps = Dictionary(
      try await desk.catalog.steps().map { ($0.name, $0.finishedAt) }, uniquingKeysWith: max)
    return .array(
      try await desk.stageStandings().map { stage in
        [
          "name": .string(stage.name), "standing": .string(stage.standing),
          "finishedAt": JSONValue(steps[stage.name]) { .string($0) },
        ]
      })
  }

  private func quota() async throws -> JSONValue {
    let quotas = try await desk.quotas().values
    guard !quotas.isEmpty else { return .null }
    return [
      "identities": .int(quotas.count), "wanted": .int(quotas.reduce(0) { $0 + $1.wanted }),
      "accepted": .int(quotas.reduce(0) { $0 + $1.accepted }),
      "shortfall": .int(quotas.reduce(0) { $0 + $1.shortfall }),
    ]
  }
}
