import Diagnostics
import Foundation
import Service
import Testing

/// What is kept of what is over, and how the service stands.
@Suite struct HistoryTests {
  let scratch: Scratch
  let hand = HandClock("2026-03-02T02:30:00Z")

  init() throws { scratch = try Scratch() }

  @Test func `what is over for long is forgotten, but for the last job of a schedule`() async throws
  {
    let work = try await Play.start(scratch, clock: hand.clock)
    let schedule = try await work.store.add(
      NewSchedule(
        "yearly", "play", ["answer", "7"], among: Play.verbs, cron: "0 0 1 1 *", zone: "UTC",
        by: "ada"))
    try FileManager.default.createDirectory(
      atPath: scratch["spool"], withIntermediateDirectories: false)
    let alert = try await work.store.add(
      NewAlert(
        "post", .mail, target: "\(scratch["spool"])?to=ada@example.org", events: [.failed])
    ).alert
    for _ in 0..<2 { _ = try await work.store.runNow(schedule: schedule.id, by: "ada") }
    _ = try await work.submit(Play.job("answer", "1"))
    _ = try await work.submit(Play.job("exit", "2"))
    #expect(
      try await eventually {
        let counts = try await work.store.jobCounts()
        return counts[.succeeded] == 3 && counts[.failed] == 1
      })
    #expect(try await eventually { try await work.store.deliveries().first?.state == .delivered })
    hand.advance(10 * 86_400)
    let young = try await work.submit(Play.job("answer", "2"))
    #expect(try await work.store.over(young.id).state == .succeeded)
    await work.stop()
    #expect(try await work.store.purgeHistory(olderThanDays: 11) == 0)
    #expect(try await work.store.purgeHistory(olderThanDays: 9) == 3)
    #expect(try await work.store.jobs().map(\.id) == [young.id, 2])
    #expect(try await work.store.history(ofSchedule: schedule.id).isEmpty)
    #expect(try await work.store.deliveries().isEmpty)
    #expect(try await work.store.alert(alert.id).name == "post")
    #expect(try await work.store.purgeHistory(olderThanDays: 9) == 0)
  }

  @Test func `who serves is known while he does`() async throws {
    let store = try ServiceStore(workspace: scratch.path)
    let presence = Presence(
      address: "http://127.0.0.1:1/", process: 1, version: "0", since: "2026-03-02T02:30:00Z")
    try await store.note(presence)
    #expect(try await store.status().isServed == false)
    #expect(try await store.status().presence == nil)
    let work = try await Play.start(scratch, clock: hand.clock)
    #expect(try await store.status().isServed)
    #expect(try await store.status().presence == presence)
    try await store.forgetPresence()
    #expect(try await store.status().presence == nil)
    await work.stop()
  }
}
