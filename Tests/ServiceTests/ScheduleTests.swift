import Foundation
import Service
import Testing

/// Schedules under a clock that tests set.
@Suite struct ScheduleTests {
  let scratch: Scratch
  let hand = HandClock("2026-03-01T12:00:00Z")
  let store: ServiceStore

  init() throws {
    scratch = try Scratch()
    store = try ServiceStore(workspace: scratch.path, clock: hand.clock)
  }

  private func add(
    _ name: String, _ cron: String, zone: String = "UTC", jitter: Int = 0,
    missed: Schedule.Missed = .runOnce, overlap: Schedule.Overlap = .skip
  ) async throws -> Schedule {
    var new = try NewSchedule(
      name, "play", ["answer", "1"], among: Play.verbs, cron: cron, zone: zone, by: "ada")
    new.jitterSeconds = jitter
    new.missed = missed
    new.overlap = overlap
    return try await store.add(new)
  }

  /// Due times that fired, with what became of them.
  private func fire(at text: String) async throws -> [String] {
    hand.now = instant(text)
    return try await store.fireDue().map {
      "\($0.firing.dueAt.plain) \($0.firing.outcome.rawValue)"
    }
  }

  @Test func `a schedule fires at its time, once, and queues its job`() async throws {
    let schedule = try await add("nightly", "30 2 * * *", zone: "Europe/Berlin")
    #expect(try await store.nextFiring(of: schedule) == instant("2026-03-02T01:30:00Z"))
    #expect(try await fire(at: "2026-03-02T01:29:59Z").isEmpty)
    #expect(try await fire(at: "2026-03-02T01:30:00Z") == ["2026-03-02T01:30:00Z fired"])
    #expect(try await fire(at: "2026-03-02T01:30:00Z").isEmpty)
    let job = try #require(try await store.jobs().first)
    #expect(job.verb == "play")
    #expect(job.arguments == ["answer", "1"])
    #expect(job.schedule?.name == "nightly")
    #expect(job.submittedBy == "ada")
    let after = try await store.schedule(named: "nightly")
    #expect(after.lastAt == instant("2026-03-02T01:30:00Z"))
    #expect(after.lastState == .queued)
    #expect(try await store.nextFiring(of: after) == instant("2026-03-03T01:30:00Z"))
  }

  @Test func `times at which no daemon ran are made up for once, or left out`() async throws {
    _ = try await add("once", "0 * * * *", overlap: .queue)
    _ = try await add("skip", "0 * * * *", missed: .skip, overlap: .queue)
    let fired = try await fire(at: "2026-03-01T16:30:00Z")
    #expect(
      fired == [
        "2026-03-01T13:00:00Z skipped-missed", "2026-03-01T14:00:00Z skipped-missed",
        "2026-03-01T15:00:00Z skipped-missed", "2026-03-01T16:00:00Z fired",
        "2026-03-01T13:00:00Z skipped-missed", "2026-03-01T14:00:00Z skipped-missed",
        "2026-03-01T15:00:00Z skipped-missed", "2026-03-01T16:00:00Z skipped-missed",
      ])
    // On time again, both fire.
    #expect(
      try await fire(at: "2026-03-01T17:00:20Z")
        == ["2026-03-01T17:00:00Z fired", "2026-03-01T17:00:00Z fired"])
    #expect(try await store.jobs().count == 3)
    let history = try await store.history(ofSchedule: 1)
    #expect(
      history.map(\.outcome) == [.fired, .fired, .skippedMissed, .skippedMissed, .skippedMissed])
    #expect(history[0].job != nil)
  }

  @Test func `three years without a daemon make one job`() async throws {
    _ = try await add("busy", "* * * * *")
    let fired = try await fire(at: "2029-03-01T12:00:30Z")
    #expect(fired.last == "2029-03-01T12:00:00Z fired")
    #expect(fired.count <= 21)
    #expect(try await store.jobs().count == 1)
    #expect(try await fire(at: "2029-03-01T12:01:00Z").count == 1)
  }

  @Test func `nothing fires twice where the clock is set back`() async throws {
    _ = try await add("hourly", "0 * * * *", overlap: .queue)
    #expect(try await fire(at: "2026-03-01T13:00:00Z").count == 1)
    #expect(try await fire(at: "2026-03-01T14:00:00Z").count == 1)
    // A small step back: nothing until the clock is where it was.
    #expect(try await fire(at: "2026-03-01T12:59:00Z").isEmpty)
    #expect(try await fire(at: "2026-03-01T13:00:00Z").isEmpty)
    #expect(try await fire(at: "2026-03-01T14:00:00Z").isEmpty)
    #expect(try await fire(at: "2026-03-01T15:00:00Z") == ["2026-03-01T15:00:00Z fired"])
    #expect(try await store.jobs().count == 3)
  }

  @Test func `a clock that was a year ahead does not stop a schedule for a year`() async throws {
    _ = try await add("hourly", "0 * * * *", overlap: .queue)
    #expect(try await fire(at: "2027-03-01T13:00:00Z").last == "2027-03-01T13:00:00Z fired")
    #expect(try await fire(at: "2026-03-01T13:30:00Z").isEmpty)
    let schedule = try await store.schedule(named: "hourly")
    #expect(try await store.nextFiring(of: schedule) == instant("2026-03-01T14:00:00Z"))
  }

  @Test func `overlap skips, queues or replaces`() async throws {
    for overlap in Schedule.Overlap.allCases {
      _ = try await add(overlap.rawValue, "0 * * * *", overlap: overlap)
    }
    _ = try await fire(at: "2026-03-01T13:00:00Z")
    let second = try await fire(at: "2026-03-01T14:00:00Z")
    #expect(
      second == [
        "2026-03-01T14:00:00Z fired", "2026-03-01T14:00:00Z fired",
        "2026-03-01T14:00:00Z skipped-overlap",
      ])
    let jobs = try await store.jobs()
    func states(_ name: String) -> [Job.State] {
      jobs.filter { $0.schedule?.name == name }.map(\.state)
    }
    #expect(states("queue") == [.queued, .queued])
    #expect(states("replace") == [.queued, .cancelled])
    #expect(states("skip") == [.queued])
  }

  @Test func `jitter delays each time by its own, the same however often asked`() async throws {
    let schedule = try await add("late", "0 * * * *", jitter: 600)
    let next = try #require(try await store.nextFiring(of: schedule))
    let delay = next - instant("2026-03-01T13:00:00Z")
    #expect((0...600).contains(delay))
    // Another process gives the same answer.
    let other = try ServiceStore(workspace: scratch.path, clock: hand.clock)
    #expect(try await other.nextFiring(of: schedule) == next)
    hand.now = next + -0.001
    #expect(try await store.fireDue().isEmpty)
    hand.now = next
    #expect(try await store.fireDue().count == 1)
    var delays: Set<Double> = [delay]
    for number in 2...20 {
      let more = try await add("late\(number)", "0 * * * *", jitter: 600)
      let at = try #require(try await store.nextFiring(of: more))
      delays.insert((at - instant("2026-03-01T14:00:00Z")).truncatingRemainder(dividingBy: 3600))
    }
    #expect(delays.count > 15)
  }

  @Test func `pausing leaves times out, and going on begins after now`() async throws {
    let schedule = try await add("hourly", "0 * * * *")
    _ = try await store.pause(schedule: schedule.id, true)
    #expect(try await fire(at: "2026-03-01T14:30:00Z").isEmpty)
    let paused = try await store.schedule(schedule.id)
    #expect(try await store.nextFiring(of: paused) == nil)
    _ = try await store.pause(schedule: schedule.id, false)
    #expect(try await fire(at: "2026-03-01T14:59:00Z").isEmpty)
    #expect(try await fire(at: "2026-03-01T15:00:00Z").count == 1)
  }

  @Test func `a changed expression counts from now`() async throws {
    let schedule = try await add("hourly", "0 * * * *")
    hand.now = instant("2026-03-01T13:30:00Z")
    let new = try NewSchedule(
      "daily", "play", ["answer", "2"], among: Play.verbs, cron: "15 13 * * *", zone: "UTC",
      by: "ada")
    let changed = try await store.change(schedule.id, to: new)
    #expect(changed.name == "daily")
    #expect(try await store.nextFiring(of: changed) == instant("2026-03-02T13:15:00Z"))
    #expect(try await fire(at: "2026-03-01T20:00:00Z").isEmpty)
  }

  @Test func `running now, removing and wrong words`() async throws {
    let schedule = try await add("hourly", "0 * * * *")
    let job = try await store.runNow(schedule: schedule.id, by: "eve")
    #expect(job.schedule?.id == schedule.id)
    #expect(job.submittedBy == "eve")
    #expect(try await store.history(ofSchedule: schedule.id).map(\.job) == [job.id])
    await #expect(throws: ServiceError.self) { try await add("hourly", "0 * * * *") }
    try await store.remove(schedule: schedule.id)
    await #expect(throws: ServiceError.self) { try await store.schedule(schedule.id) }
    #expect(try await store.job(job.id).schedule == nil)
    for name in ["", " ", "a\nb", "12", String(repeating: "x", count: 81)] {
      #expect(throws: ServiceError.self) {
        try NewSchedule(
          name, "play", ["x"], among: Play.verbs, cron: "@daily", zone: "UTC", by: "a")
      }
    }
  }

  @Test func `a daemon fires on the minute of a real clock`() async throws {
    // A clock that runs twenty times as fast: a minute takes three seconds.
    let start = ContinuousClock.now
    let begin = instant("2026-03-29T00:58:00Z")
    let fast = ServiceClock {
      begin + (ContinuousClock.now - start) / .seconds(1) * 20
    }
    let work = try await Play.start(scratch, clock: fast)
    let new = try NewSchedule(
      "minutely", "play", ["answer", "7"], among: Play.verbs, cron: "* * * * *",
      zone: "Europe/Berlin", by: "ada")
    _ = try await work.store.add(new)
    #expect(try await eventually { try await work.store.jobs(.succeeded).count >= 3 })
    let history = try await work.store.history(ofSchedule: 1).filter { $0.outcome == .fired }
    await work.stop()
    let due = history.map(\.dueAt.plain)
    #expect(Set(due).count == due.count)
    let delays = history.map { ($0.firedAt ?? $0.dueAt) - $0.dueAt }
    // Never too early; how late depends on what else the machine does.
    #expect(delays.allSatisfy { $0 >= 0 }, "\(delays)")
  }
}
