internal import Diagnostics
internal import HTTPServer

/// Watched folders.
struct WatchRoutes: Sendable {
  let work: ServiceWork

  var routes: [Route] {
    [
      Route(.get, "/api/v1/watches", role: .admin, handle: list),
      Route(.post, "/api/v1/watches", role: .admin, handle: add),
      Route(.patch, "/api/v1/watches/{id}", role: .admin, handle: change),
      Route(.delete, "/api/v1/watches/{id}", role: .admin, handle: remove),
    ]
  }

  private func list(_ call: RouteCall) async throws -> Reply {
    .list(try await work.store.watches().map(\.document), next: nil)
  }

  private func add(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(
      members: ["path", "population", "layout", "apply", "settleSeconds", "paused"])
    var new = try NewWatch(
      try fields.required("path", limit: 4000), population: try fields.required("population"),
      layout: try fields.string("layout") ?? "auto", among: work.verbs)
    new.applies = try fields.bool("apply") ?? false
    new.settleSeconds = try fields.int("settleSeconds", in: 0...86_400) ?? new.settleSeconds
    var watch = try await work.store.add(new)
    if try fields.bool("paused") == true {
      watch = try await work.store.pause(watch: watch.id, true)
    }
    work.wake()
    return .json(watch.document, status: 201)
  }

  private func change(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["apply", "settleSeconds", "paused"])
    let id = try call.id()
    var watch = try await work.store.change(
      watch: id, applies: try fields.bool("apply"),
      settleSeconds: try fields.int("settleSeconds", in: 0...86_400))
    if let isPaused = try fields.bool("paused") {
      watch = try await work.store.pause(watch: id, isPaused)
    }
    work.wake()
    return .json(watch.document)
  }

  private func remove(_ call: RouteCall) async throws -> Reply {
    try await work.store.remove(watch: try call.id())
    return .json(["removed": .int(Int(try call.id()))])
  }
}
