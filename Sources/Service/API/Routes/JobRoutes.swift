internal import Diagnostics
internal import HTTPServer

/// Jobs, what may become one, and what happens to them.
struct JobRoutes: Sendable {
  let work: ServiceWork
  let feed: EventFeed

  var routes: [Route] {
    [
      Route(.get, "/api/v1/verbs", role: .reader, handle: verbs),
      Route(.get, "/api/v1/jobs", role: .reader, handle: list),
      Route(.post, "/api/v1/jobs", role: .curator, handle: submit),
      Route(.get, "/api/v1/jobs/{id}", role: .reader, handle: show),
      Route(.post, "/api/v1/jobs/{id}/cancel", role: .curator, handle: cancel),
      Route(.post, "/api/v1/jobs/{id}/retry", role: .curator, handle: retry),
      Route(.get, "/api/v1/jobs/{id}/events", role: .reader, handle: follow),
      Route(.get, "/api/v1/events", role: .reader, handle: listen),
    ]
  }

  private func verbs(_ call: RouteCall) async throws -> Reply {
    .list(work.verbs.document, next: nil)
  }

  private func list(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    let jobs = try await work.store.jobs(
      try call.query("state", Job.State.self), before: try page.number, limit: page.limit)
    return .list(
      jobs.map(\.document), next: jobs.count == page.limit ? jobs.last.map { "\($0.id)" } : nil)
  }

  private func show(_ call: RouteCall) async throws -> Reply {
    .json(try await work.store.job(call.id()).document)
  }

  private func submit(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["verb", "arguments", "priority", "attempts"])
    let job = try NewJob(
      try fields.required("verb", limit: 80),
      try fields.strings("arguments", limit: JobVerbs.mostArguments) ?? [], among: work.verbs,
      priority: try fields.int("priority", in: NewJob.priorities) ?? 0,
      attempts: try fields.int("attempts", in: 1...NewJob.mostAttempts) ?? 1,
      by: call.caller.name)
    return .json(try await work.submit(job).document, status: 201)
  }

  private func cancel(_ call: RouteCall) async throws -> Reply {
    .json(try await work.cancel(call.id()).document)
  }

  private func retry(_ call: RouteCall) async throws -> Reply {
    .json(try await work.retry(call.id()).document)
  }

  // MARK: events

  private func listen(_ call: RouteCall) async throws -> Reply {
    let last = call.request.head.header("last-event-id")
    return stream(feed.listen(after: try last.map(number)))
  }

  private func follow(_ call: RouteCall) async throws -> Reply {
    let id = try call.id()
    return stream(try await feed.listen(to: id) { try await work.store.job(id) })
  }

  private func number(_ text: String) throws(Problem) -> Int {
    guard let number = Int(text), number >= 0 else {
      throw Problem(400, "badField", "Last-Event-ID is the number of an event")
    }
    return number
  }

  private func stream(_ stream: EventStream) -> Reply {
    .whole(
      ServerResponse(
        status: 200,
        headers: [
          ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
          ("X-Accel-Buffering", "no"),
        ], body: .stream(stream)))
  }
}

extension ServiceError {
  /// The HTTP status that goes with it.
  var status: Int {
    switch code {
    case .unknown: 404
    case .taken, .wrongState, .served: 409
    case .invalid: 422
    }
  }

  /// As the API names it.
  var word: String {
    switch code {
    case .unknown: "notFound"
    case .taken: "taken"
    case .wrongState: "wrongState"
    case .served: "served"
    case .invalid: "invalid"
    }
  }
}
