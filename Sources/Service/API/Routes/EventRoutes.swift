internal import Diagnostics
internal import HTTPServer

/// What happens, as it happens.
struct EventRoutes: Sendable {
  let store: ServiceStore
  let streams: EventStreams

  var routes: [Route] {
    [
      Route(.get, "/api/v1/events", role: .reader, handle: all),
      Route(.get, "/api/v1/jobs/{id}/events", role: .reader, handle: job),
    ]
  }

  private func last(_ call: RouteCall) -> Int? {
    call.request.head.header("last-event-id").flatMap { Int($0) }
  }

  private func all(_ call: RouteCall) async throws -> Reply {
    try streams.open(after: last(call)) { ($0, ends: false) }
  }

  /// Begins with the job as it stands and ends with it.
  private func job(_ call: RouteCall) async throws -> Reply {
    let id = try call.id()
    let job = try await store.job(id)
    let first = ServiceEvent(sequence: last(call) ?? 0, name: "job", data: job.document)
    guard !job.state.isOver else {
      return streams.closed(first)
    }
    return try streams.open(after: last(call), first: [first]) { event in
      guard event.data["id"]?.intValue == Int(id) else { return nil }
      let state = event.data["state"]?.stringValue.flatMap(Job.State.init)
      return (event, ends: event.name == "job" && state?.isOver == true)
    }
  }
}
