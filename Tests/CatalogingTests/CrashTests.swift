import Cataloging
import Domain
import Foundation
import Testing

/// Every command, with its first statement failing, then its second, and so on until it succeeds:
/// after each failure the catalog is what it was, for this process and for one that opens the files.
@Suite struct CrashTests {
  typealias Command = @Sendable (Catalog) async throws -> Void

  static let commands: [(String, Command)] = [
    (
      "index",
      {
        var changed = batch(source: 1, count: 3, seed: 60, shard: "three.shard")
        changed.rejected = [RejectedFile(path: "x.png", reason: "no face")]
        changed.latents = [
          GivenLatent(identityName: "new", generatorDigest: "gan", vector: [3])
        ]
        _ = try await $0.commit(changed)
      }
    ),
    ("missing", { try await $0.markMissing(source: 1, paths: ["a/0.png", "b/1.png"]) }),
    (
      "pairs",
      {
        let pairs = [(1, 2), (3, 4)].map {
          PairRecord(kind: .leak, kept: $0, removed: $1, tier: "near", verdict: "reject")
        }
        try await $0.commit(pairs, of: step("k3"))
      }
    ),
    (
      "append",
      {
        _ = try await $0.append(
          [1, 2].map { NewDecision(image: $0, action: .quarantine, rule: "r", reason: "") })
      }
    ),
    ("redo", { _ = try await $0.undo(sequence: 2, by: "ada") }),
    (
      "answer",
      {
        _ = try await $0.answer(
          [(DecisionAction.same, Int64(1)), (.different, 4), (.unsure, 2)].map { action, image in
            NewDecision(
              image: image, other: 3, action: action, author: "ada", rule: "review", reason: "")
          })
      }
    ),
    (
      "attempts",
      {
        var made = IndexBatch(source: 3)
        made.items = [
          IndexedImage(path: "2.png", identity: .existing(2), facts: ImageFacts())
        ]
        let attempt = NewAttempt(
          identity: 2, number: 1, seed: 1, interpolation: 1, similarities: AttemptSimilarities(),
          verdict: .accepted(item: 0))
        _ = try await $0.commit([attempt], request: "q", with: made)
      }
    ),
  ]

  @Test(arguments: 0..<commands.count)
  func `a command that fails anywhere leaves the old state whole`(number: Int) async throws {
    let (name, command) = Self.commands[number]
    let scratch = try Scratch()
    let catalog = try scratch.create()
    try await plant(catalog)
    let before = try await catalog.contentDigest()
    var statements = 0
    while true {
      let countdown = Countdown(statements)
      let copy = "killed-\(statements)"
      await catalog.observeStatements { _ in
        do { try countdown.tick() } catch {
          // A process killed here leaves these files.
          try scratch.copyFiles(from: "catalog.sqlite", to: copy)
          throw error
        }
      }
      let failed: Bool
      do {
        try await command(catalog)
        failed = false
      } catch is Planned { failed = true }
      await catalog.observeStatements(nil)
      guard failed else { break }
      #expect(try await catalog.contentDigest() == before, "\(name), statement \(statements)")
      let killed = try scratch.open(copy)
      #expect(try await killed.contentDigest() == before, "\(name), \(copy)")
      #expect(try await killed.check().isEmpty, "\(name), \(copy): the chain is whole")
      #expect(try await catalog.check().isEmpty)
      statements += 1
    }
    #expect(statements > 3, "\(name) ran \(statements) statements")
    let after = try await catalog.contentDigest()
    #expect(after != before)
    #expect(try await catalog.check().isEmpty)
    #expect(try await scratch.open().contentDigest() == after)
  }
}

@Suite struct SpeedTests {
  /// Prints the rate; fails only where it is slower by far than any machine of ours.
  @Test func `a hundred thousand images are committed in seconds`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    let source = try await catalog.source(population: .digital, root: "/d", layout: "x").id
    let planted = batch(source: source, count: 100_000)
    let clock = ContinuousClock()
    let first = try await clock.measure { _ = try await catalog.commit(planted) }
    let again = try await clock.measure { _ = try await catalog.commit(planted) }
    let images = try await clock.measure { _ = try await catalog.images() }
    let rows = try await clock.measure { _ = try await catalog.embeddings(in: Space.identity) }
    let counts = try await clock.measure { _ = try await catalog.counts() }
    let digest = try await clock.measure { _ = try await catalog.contentDigest() }
    let check = try await clock.measure { _ = try await catalog.check() }
    print(
      """
      100,000 images: commit \(first), again \(again), images \(images), embeddings \(rows), \
      counts \(counts), digest \(digest), check \(check)
      """)
    #expect(first < .seconds(600))
  }
}
