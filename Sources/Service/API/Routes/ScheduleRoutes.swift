internal import Diagnostics
internal import HTTPServer

/// Schedules.
struct ScheduleRoutes: Sendable {
  let work: ServiceWork

  private static let members: Set<String> = [
    "name", "verb", "arguments", "cron", "timeZone", "jitterSeconds", "missed", "overlap", "paused",
  ]

  var routes: [Route] {
    [
      Route(.get, "/api/v1/schedules", role: .reader, handle: list),
      Route(.post, "/api/v1/schedules", role: .curator, handle: add),
      Route(.post, "/api/v1/schedules/preview", role: .reader, handle: preview),
      Route(.get, "/api/v1/schedules/{id}", role: .reader, handle: show),
      Route(.patch, "/api/v1/schedules/{id}", role: .curator, handle: change),
      Route(.delete, "/api/v1/schedules/{id}", role: .curator, handle: remove),
      Route(.post, "/api/v1/schedules/{id}/run", role: .curator, handle: run),
      Route(.get, "/api/v1/schedules/{id}/history", role: .reader, handle: history),
    ]
  }

  private func document(_ schedule: Schedule) async throws -> JSONValue {
    schedule.document(next: try await work.store.nextFiring(of: schedule))
  }

  private func list(_ call: RouteCall) async throws -> Reply {
    var items: [JSONValue] = []
    for schedule in try await work.store.schedules() { items.append(try await document(schedule)) }
    return .list(items, next: nil)
  }

  private func show(_ call: RouteCall) async throws -> Reply {
    .json(try await document(try await work.store.schedule(try call.id())))
  }

  private func add(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: Self.members)
    var new = try NewSchedule(
      try fields.required("name", limit: 80), try fields.required("verb", limit: 80),
      try fields.strings("arguments", limit: JobVerbs.mostArguments) ?? [], among: work.verbs,
      cron: try fields.required("cron", limit: 256),
      zone: try fields.string("timeZone", limit: 64) ?? "UTC", by: call.caller.name)
    try read(fields, into: &new)
    var schedule = try await work.store.add(new)
    if try fields.bool("paused") == true {
      schedule = try await work.store.pause(schedule: schedule.id, true)
    }
    work.wake()
    return .json(try await document(schedule), status: 201)
  }

  private func change(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: Self.members)
    let old = try await work.store.schedule(try call.id())
    var new = try NewSchedule(
      try fields.string("name", limit: 80) ?? old.name,
      try fields.string("verb", limit: 80) ?? old.verb,
      try fields.strings("arguments", limit: JobVerbs.mostArguments) ?? old.arguments,
      among: work.verbs, cron: try fields.string("cron", limit: 256) ?? old.cron.text,
      zone: try fields.string("timeZone", limit: 64) ?? old.zone.name, by: old.createdBy)
    new.jitterSeconds = old.jitterSeconds
    new.missed = old.missed
    new.overlap = old.overlap
    try read(fields, into: &new)
    var schedule = try await work.store.change(old.id, to: new)
    if let isPaused = try fields.bool("paused") {
      schedule = try await work.store.pause(schedule: old.id, isPaused)
    }
    work.wake()
    return .json(try await document(schedule))
  }

  private func read(_ fields: JSONFields, into new: inout NewSchedule) throws {
    new.jitterSeconds =
      try fields.int("jitterSeconds", in: 0...Schedule.longestJitter) ?? new.jitterSeconds
    new.missed = try fields.choice("missed", Schedule.Missed.self) ?? new.missed
    new.overlap = try fields.choice("overlap", Schedule.Overlap.self) ?? new.overlap
  }

  private func remove(_ call: RouteCall) async throws -> Reply {
    try await work.store.remove(schedule: try call.id())
    return .json(["removed": .int(Int(try call.id()))])
  }

  private func run(_ call: RouteCall) async throws -> Reply {
    let job = try await work.store.runNow(schedule: try call.id(), by: call.caller.name)
    work.wake()
    return .json(job.document, status: 201)
  }

  private func history(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    let history = try await work.store.history(
      ofSchedule: try call.id(), before: try page.number.map(Moment.init(milliseconds:)),
      limit: page.limit)
    return .list(
      history.map(\.document),
      next: history.count == page.limit ? history.last.map { "\($0.dueAt.milliseconds)" } : nil)
  }

  private func preview(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["cron", "timeZone"])
    let preview = try SchedulePreview(
      try fields.required("cron", limit: 256),
      zone: try fields.string("timeZone", limit: 64) ?? "UTC", after: work.store.clock.now())
    return .json(preview.document)
  }
}
