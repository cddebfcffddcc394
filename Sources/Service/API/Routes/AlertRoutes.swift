internal import Diagnostics
internal import HTTPServer

/// Who is told what.
struct AlertRoutes: Sendable {
  let work: ServiceWork

  var routes: [Route] {
    [
      Route(.get, "/api/v1/alerts", role: .admin, handle: list),
      Route(.post, "/api/v1/alerts", role: .admin, handle: add),
      Route(.get, "/api/v1/alerts/deliveries", role: .admin, handle: deliveries),
      Route(.patch, "/api/v1/alerts/{id}", role: .admin, handle: change),
      Route(.delete, "/api/v1/alerts/{id}", role: .admin, handle: remove),
      Route(.post, "/api/v1/alerts/{id}/test", role: .admin, handle: test),
    ]
  }

  private func list(_ call: RouteCall) async throws -> Reply {
    .list(try await work.store.alerts().map(\.document), next: nil)
  }

  /// The secret of a webhook is in this answer and in no other.
  private func add(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["name", "kind", "target", "on", "paused"])
    guard let kind = try fields.choice("kind", Alert.Kind.self) else {
      throw Problem.badField("kind", "is missing")
    }
    let new = try NewAlert(
      try fields.required("name", limit: 80), kind,
      target: try fields.required("target", limit: 2000),
      events: try events(fields) ?? Alert.Event.allCases)
    let (added, secret) = try await work.store.add(new)
    let alert =
      try fields.bool("paused") == true
      ? try await work.store.pause(alert: added.id, true) : added
    var document = alert.document
    if let secret { document["secret"] = .string(secret) }
    return .json(document, status: 201)
  }

  private func change(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["name", "target", "on", "paused"])
    let old = try await work.store.alert(try call.id())
    let new = try NewAlert(
      try fields.string("name", limit: 80) ?? old.name, old.kind,
      target: try fields.string("target", limit: 2000) ?? old.target,
      events: try events(fields) ?? old.events)
    var alert = try await work.store.change(old.id, to: new)
    if let isPaused = try fields.bool("paused") {
      alert = try await work.store.pause(alert: old.id, isPaused)
    }
    return .json(alert.document)
  }

  private func events(_ fields: JSONFields) throws -> [Alert.Event]? {
    try fields.strings("on")?.map { name in
      guard let event = Alert.Event(rawValue: name) else {
        throw Problem.badField("on", RouteCall.oneOf(Alert.Event.self))
      }
      return event
    }
  }

  private func remove(_ call: RouteCall) async throws -> Reply {
    try await work.store.remove(alert: try call.id())
    return .json(["removed": .int(Int(try call.id()))])
  }

  private func test(_ call: RouteCall) async throws -> Reply {
    let delivery = try await work.store.test(alert: try call.id(), workspace: work.name)
    work.wake()
    return .json(delivery.document, status: 201)
  }

  private func deliveries(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    let found = try await work.store.deliveries(before: try page.number, limit: page.limit)
    return .list(
      found.map(\.document), next: found.count == page.limit ? found.last.map { "\($0.id)" } : nil)
  }
}
