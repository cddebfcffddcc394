import Cataloging
import Diagnostics
import Domain
import Foundation
import Service
import Testing

/// Whether a Δ that has moved is told.
@Suite struct DriftTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Runs a job of the verb `delta` after which the catalog has these two offsets, and says which
  /// messages wait for a mail folder that is not there.
  private func messages(_ offsets: [[Float]]) async throws -> [JSONValue] {
    let time = HandClock("2026-03-02T02:00:00Z")
    let hand = HandClock("2026-03-02T02:30:00Z")
    let catalog = try Catalog.create(path: scratch["catalog.sqlite"]) { time.now.plain }
    let space = Space(
      name: "image", width: 3, encoderDigest: String(repeating: "ab", count: 32))
    for (number, vector) in offsets.enumerated() {
      if number == offsets.count - 1 { time.now = instant("2026-03-02T02:30:01Z") }
      let key = String(repeating: "\(number)", count: 64)
      _ = try await catalog.commit(
        OffsetRecord(space: space, from: .digital, to: .real, vector: vector, statistics: "{}"),
        of: NewStep(
          key: key, name: "delta", toolVersion: "1", parameters: "{}", inputs: key, summary: "{}"))
    }
    let work = try await Play.start(scratch, clock: hand.clock)
    _ = try await work.store.add(
      NewAlert("post", .mail, target: "\(scratch["none"])?to=a@b.c", events: [.drift]))
    let job = try await work.submit(NewJob("delta", [], among: Play.verbs, by: "test"))
    let ended = try await work.store.over(job.id)
    let found = try await work.store.deliveries()
    await work.stop()
    #expect(ended.state == .succeeded)
    return found.map { .string($0.event) }
  }

  @Test(arguments: [
    [[1, 0, 0], [0.9, 0.5, 0]], [[1, 0, 0], [1.2, 0, 0]], [[0, 1, 0], [1, 0, 0], [0, 1, 0]],
  ])
  func `an offset that turned or stretched is drift`(offsets: [[Float]]) async throws {
    #expect(try await messages(offsets) == ["drift"])
  }

  @Test(arguments: [[[1, 0, 0], [1.02, 0.1, 0]], [[1, 0, 0]]])
  func `one that stayed, or has none before it, is not`(offsets: [[Float]]) async throws {
    #expect(try await messages(offsets).isEmpty)
  }
}
