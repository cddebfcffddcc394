import Cataloging
import Domain
import Testing

@Suite struct CatalogPurgeTests {
  let scratch: Scratch
  let catalog: Catalog

  init() async throws {
    scratch = try Scratch()
    catalog = try scratch.create()
    let source = try await catalog.source(population: .digital, root: "/d", layout: "x").id
    _ = try await catalog.commit(batch(source: source, count: 4))
    _ = try await catalog.append([
      NewDecision(image: 2, other: 1, action: .quarantine, rule: "near", reason: "planted")
    ])
  }

  private func purge(_ image: Int64, by author: String = "ada") -> NewDecision {
    NewDecision(image: image, action: .purge, author: author, rule: "purge", reason: "asked to")
  }

  private func rewrite() async throws -> Purge.Rewrite {
    let old = try #require(try await catalog.shards().first)
    return Purge.Rewrite(
      old: old, new: Purge.NewShard(file: "new.shard", rowCount: 3, digest: digest(7)),
      rows: [ShardRow(image: 1, row: 0), ShardRow(image: 3, row: 1), ShardRow(image: 4, row: 2)])
  }

  @Test func `a purged image is out for good and its vectors are forgotten`() async throws {
    let result = try await catalog.purge(
      Purge(decisions: [purge(2)], rewrites: [rewrite()]))
    #expect(result.sequences == [2])
    #expect(try await catalog.places(of: 2).isEmpty)
    #expect(try await catalog.shards().map(\.file) == ["new.shard"])
    #expect(try await catalog.places(of: 4).map(\.row) == [2])
    let image = try await catalog.image(2)
    #expect(image.isQuarantined && !image.isCurrent && image.facts.landmarks == nil)
    #expect(try await catalog.check().isEmpty)
    #expect(try await catalog.quarantined().isEmpty)
    #expect(try await catalog.standing().aside == [2])
  }

  @Test func `nothing brings it back, and no rule talks about it`() async throws {
    _ = try await catalog.purge(Purge(decisions: [purge(2)], rewrites: [rewrite()]))
    let last = try await catalogError { _ = try await catalog.undoLastBatch(by: "ada") }
    #expect(last.message.contains("decision 2 purged an image"))
    let one = try await catalogError { _ = try await catalog.undo(sequence: 2, by: "ada") }
    #expect(one.message.contains("cannot be brought back"))
    await #expect(throws: CatalogError.self) { _ = try await catalog.undo(sequence: 1, by: "ada") }
    let restore = NewDecision(
      image: 2, action: .restore, author: "ada", rule: "by hand", reason: "")
    let refused = try await catalogError { _ = try await catalog.append([restore]) }
    #expect(refused.message == "image 2 was purged: nothing more can be decided about it")
    let rule = NewDecision(image: 2, action: .quarantine, rule: "near", reason: "")
    #expect(try await catalog.append([rule]).unchanged.count == 1)
    #expect(try await catalog.decisions().count == 2)
  }

  @Test func `only a person purges, and only what is in quarantine`() async throws {
    for (decision, code) in [
      (purge(1), CatalogError.Code.notInForce), (purge(2, by: "rule"), .invalidBatch),
      (purge(77), .unknownRecord),
    ] {
      let error = try await catalogError {
        _ = try await catalog.purge(Purge(decisions: [decision]))
      }
      #expect(error.code == code)
    }
    await #expect(throws: CatalogError.self) { _ = try await catalog.append([purge(2)]) }
  }

  @Test func `a purge that fails anywhere leaves the old state whole`() async throws {
    let before = (try await catalog.contentDigest(), try await catalog.ledgerHead())
    let purge = Purge(decisions: [purge(2)], rewrites: [try await rewrite()])
    var statements = 0
    while true {
      let countdown = Countdown(statements)
      await catalog.observeStatements { _ in try countdown.tick() }
      let failed: Bool
      do {
        _ = try await catalog.purge(purge)
        failed = false
      } catch is Planned { failed = true }
      await catalog.observeStatements(nil)
      guard failed else { break }
      #expect(try await catalog.contentDigest() == before.0, "statement \(statements)")
      #expect(try await catalog.ledgerHead() == before.1)
      #expect(try await catalog.check().isEmpty)
      statements += 1
    }
    #expect(statements > 10)
    #expect(try await catalog.standing().aside == [2])
    #expect(try await catalog.check().isEmpty)
  }

  @Test func `a shard that has changed meanwhile stops everything`() async throws {
    var wrong = try await rewrite()
    wrong.rows.removeLast()
    let before = try await catalog.contentDigest()
    let error = try await catalogError {
      _ = try await catalog.purge(Purge(decisions: [purge(2)], rewrites: [wrong]))
    }
    #expect(error.message.contains("have changed meanwhile"))
    #expect(try await catalog.contentDigest() == before)
  }
}
