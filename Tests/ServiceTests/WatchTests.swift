import Cataloging
import Domain
import Foundation
import Glibc
import Service
import Testing

/// Folders that are watched, with a stand-in for the commands.
@Suite struct WatchTests {
  let scratch: Scratch
  let hand = HandClock("2026-03-02T02:30:00Z")

  init() throws {
    scratch = try Scratch()
    try FileManager.default.createDirectory(
      atPath: scratch["in/ada"], withIntermediateDirectories: true)
  }

  /// Writes a file and moves it to its place, so that no look sees a part of it.
  private func write(_ name: String, _ text: String = "x") throws {
    try text.write(toFile: scratch["whole"], atomically: false, encoding: .utf8)
    try #require(unsafe rename(scratch["whole"], scratch["in/\(name)"]) == 0)
  }

  private func start(
    applies: Bool = false, reference: Bool = false
  ) async throws -> (ServiceWork, Watch) {
    let catalog = try Catalog.create(path: scratch["catalog.sqlite"]) { "2026" }
    if reference {
      _ = try await catalog.source(population: .reference, root: "/r", layout: "flat")
    }
    let work = try await Play.start(scratch, clock: hand.clock)
    var new = try NewWatch(scratch["in"], population: "digital", among: Play.verbs)
    new.applies = applies
    return (work, try await work.store.add(new))
  }

  private func pending(_ work: ServiceWork) async throws -> Int {
    try await work.store.watches()[0].pending
  }

  @Test func `files that have settled make one index job, and then the gates`() async throws {
    let (work, _) = try await start(applies: true, reference: true)
    for number in 0..<20 { try write("ada/\(number).png") }
    try write("notes.txt")
    try write(".hidden.png")
    #expect(try await eventually { try await pending(work) == 20 })
    try await Task.sleep(for: .milliseconds(700))
    #expect(try await work.store.jobs().isEmpty)
    hand.advance(5)
    #expect(try await eventually { try await work.store.jobs(.succeeded).count == 3 })
    #expect(
      scratch.lines("notes") == [
        "index --population digital --layout auto -- \(scratch["in"])", "dedup --apply",
        "leaks --apply",
      ])
    #expect(try await pending(work) == 0)
    // Nothing new, nothing done; a changed file is new again, and one that went is not.
    hand.advance(60)
    try await Task.sleep(for: .milliseconds(700))
    #expect(try await work.store.jobs().count == 3)
    try write("ada/3.png", "another content")
    try FileManager.default.removeItem(atPath: scratch["in/ada/4.png"])
    #expect(try await eventually { try await pending(work) == 1 })
    hand.advance(5)
    #expect(try await eventually { try await work.store.jobs(.succeeded).count == 6 })
    await work.stop()
    #expect(try await work.store.jobs().allSatisfy { $0.submittedBy == "watch 1" && $0.watch == 1 })
  }

  @Test func `without a reference there is no leak to look for, and gates propose`() async throws {
    let (work, _) = try await start()
    try write("ada/1.png")
    #expect(try await eventually { try await pending(work) == 1 })
    hand.advance(5)
    #expect(try await eventually { try await work.store.jobs(.succeeded).count == 2 })
    await work.stop()
    #expect(scratch.lines("notes").last == "dedup ")
  }

  @Test func `a file that grows holds the others back, but not for ever`() async throws {
    let (work, _) = try await start()
    try write("ada/1.png")
    #expect(try await eventually { try await pending(work) == 1 })
    for step in 1...11 {
      try write("ada/2.png", String(repeating: "x", count: step))
      let at = hand.now
      // The growing file was seen as it is now.
      #expect(
        try await eventually {
          try await work.store.watches()[0].lastScanAt.map { $0 >= at } ?? false
        })
      try await Task.sleep(for: .milliseconds(250))
      if step < 10 { #expect(try await work.store.jobs().isEmpty, "step \(step)") }
      hand.advance(4.9)
    }
    #expect(try await eventually { try await work.store.jobs().count >= 1 })
    await work.stop()
  }

  @Test func `a folder that cannot be read is said, and pausing stops the looks`() async throws {
    let (work, watch) = try await start()
    try FileManager.default.removeItem(atPath: scratch["in"])
    #expect(
      try await eventually {
        try await work.store.watch(watch.id).problem?.contains("no such file") ?? false
      })
    let paused = try await work.store.pause(watch: watch.id, true)
    try await Task.sleep(for: .milliseconds(500))
    hand.advance(100)
    let before = try await work.store.watch(watch.id).lastScanAt
    try await Task.sleep(for: .milliseconds(800))
    #expect(try await work.store.watch(watch.id).lastScanAt == before)
    #expect(paused.isPaused)
    try await work.store.remove(watch: watch.id)
    await #expect(throws: ServiceError.self) { try await work.store.watch(watch.id) }
    await work.stop()
  }

  @Test func `what cannot be watched is refused`() async throws {
    for (path, population) in [
      ("in", "digital"), (scratch["nowhere"], "digital"), (scratch["in"], "moon"),
    ] {
      #expect(throws: ServiceError.self) {
        try NewWatch(path, population: population, among: Play.verbs)
      }
    }
    let store = try ServiceStore(workspace: scratch.path)
    let new = try NewWatch(scratch["in"] + "/", population: "real", among: Play.verbs)
    let watch = try await store.add(new)
    #expect(watch.path == scratch["in"])
    await #expect(throws: ServiceError.self) { try await store.add(new) }
    #expect(try await store.watch(named: scratch["in"]).id == watch.id)
  }
}
