import Cataloging
import Domain
import SQLite
import Testing

@Suite struct LedgerTests {
  let scratch: Scratch
  let catalog: Catalog

  init() async throws {
    scratch = try Scratch()
    catalog = try scratch.create()
    let source = try await catalog.source(population: .digital, root: "/d", layout: "x").id
    _ = try await catalog.commit(batch(source: source, count: 4))
  }

  func rule(_ action: DecisionAction, _ image: Int64, rule: String = "exact") -> NewDecision {
    NewDecision(image: image, action: action, rule: rule, reason: "planted")
  }

  func by(_ person: String, _ action: DecisionAction, _ image: Int64) -> NewDecision {
    NewDecision(
      image: image, action: action, author: person, rule: "by hand", reason: "planted")
  }

  func quarantined() async throws -> [Int64] {
    try await catalog.quarantined().map(\.decision.image)
  }

  @Test func `a decision is appended with everything it says`() async throws {
    try await catalog.record(step("k"))
    var decision = rule(.quarantine, 2)
    decision.evidence = "{\"similarity\":0.99}"
    decision.step = "k"
    #expect(try await catalog.append([decision]).sequences == [1])
    let line = try #require(try await catalog.decisions(image: 2).first)
    #expect(line.decision == decision && line.batch == 1 && line.undoes == nil)
    #expect(line.decidedAt == "2000-01-01T00:00:00Z")
    #expect(try await quarantined() == [2])
    #expect(try await catalog.decisions(image: 1).isEmpty)
  }

  @Test(arguments: [
    "UPDATE decision SET action = 'restore'", "DELETE FROM decision",
    "INSERT OR REPLACE INTO decision SELECT * FROM decision",
  ])
  func `a line of the ledger cannot be changed`(statement: String) async throws {
    _ = try await catalog.append([rule(.quarantine, 1)])
    let error = try #require(throws: SQLiteError.self) { try scratch.raw().run(statement) }
    #expect(error.message.contains("the ledger is append-only"))
    #expect(try await catalog.decisions().count == 1)
  }

  @Test func `a rule's decision again is left out`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1), rule(.quarantine, 1, rule: "near")])
    let again = try await catalog.append([rule(.quarantine, 1), rule(.quarantine, 1, rule: "near")])
    #expect(again.sequences.isEmpty && again.unchanged.count == 2)
    #expect(try await catalog.append([rule(.restore, 3)]).unchanged.count == 1)
    #expect(try await catalog.decisions().count == 2)
  }

  @Test func `a rule never overrules a person`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1)])
    _ = try await catalog.append([by("ada", .restore, 1)])
    let result = try await catalog.append([rule(.quarantine, 1), rule(.quarantine, 2)])
    #expect(result.sequences == [3])
    #expect(result.conflicts.map(\.refused.image) == [1])
    #expect(result.conflicts.first?.standing.decision.author == "ada")
    #expect(try await quarantined() == [2])
    #expect(try await catalog.append([by("bob", .quarantine, 1)]).sequences == [4])
    #expect(try await quarantined() == [1, 2])
  }

  @Test func `a rule that agrees with a person adds nothing`() async throws {
    _ = try await catalog.append([by("ada", .quarantine, 1)])
    #expect(try await catalog.append([rule(.quarantine, 1)]).unchanged.count == 1)
    #expect(try await catalog.append([by("ada", .quarantine, 1)]).unchanged.count == 1)
  }

  @Test func `an unknown image appends nothing of the batch`() async throws {
    let error = try await catalogError {
      _ = try await catalog.append([rule(.quarantine, 1), rule(.quarantine, 77)])
    }
    #expect(error.message == "the catalog has no image 77")
    #expect(try await catalog.decisions().isEmpty)
  }

  @Test func `undoing returns the image, and the last word, to how it was`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1)])
    _ = try await catalog.append([by("ada", .restore, 1)])
    let line = try await catalog.undo(sequence: 2, by: "ada")
    #expect(line.undoes == 2 && line.decision.action == .quarantine)
    #expect(line.decision.reason == "takes back decision 2 (by hand)")
    #expect(try await quarantined() == [1])
    #expect(try await catalog.quarantined().first?.sequence == 1)
    #expect(try await catalog.undo(sequence: 1, by: "ada").decision.action == .restore)
    #expect(try await quarantined().isEmpty)
    #expect(try await catalog.append([rule(.quarantine, 1)]).sequences.count == 1)
  }

  @Test func `undoing one rule's quarantine leaves another's`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1)])
    _ = try await catalog.append([rule(.quarantine, 1, rule: "near")])
    _ = try await catalog.undoLastBatch(by: "ada")
    #expect(try await quarantined() == [1])
    _ = try await catalog.undoLastBatch(by: "ada")
    #expect(try await quarantined().isEmpty)
  }

  @Test func `only what is in force can be undone`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1)])
    _ = try await catalog.append([by("ada", .restore, 1)])
    let error = try await catalogError { _ = try await catalog.undo(sequence: 1, by: "ada") }
    #expect(error.code == .notInForce)
    #expect(
      error.message == "decision 1 is not in force: decision 2 about the same image stands")
    _ = try await catalog.undo(sequence: 2, by: "ada")
    await #expect(throws: CatalogError.self) { _ = try await catalog.undo(sequence: 2, by: "ada") }
    await #expect(throws: CatalogError.self) { _ = try await catalog.undo(sequence: 9, by: "ada") }
  }

  @Test func `an undoing can be undone, and that too`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1)])
    var last: Int64 = 1
    for round in 1...4 {
      last = try await catalog.undo(sequence: last, by: "ada").sequence
      #expect(try await quarantined() == (round.isMultiple(of: 2) ? [1] : []))
    }
  }

  @Test func `batches are undone from the last to the first`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1), rule(.quarantine, 2)])
    _ = try await catalog.append([rule(.quarantine, 3)])
    #expect(try await catalog.undoLastBatch(by: "ada").map(\.undoes) == [3])
    #expect(try await catalog.undoLastBatch(by: "ada").map(\.undoes) == [2, 1])
    #expect(try await quarantined().isEmpty)
    let error = try await catalogError { _ = try await catalog.undoLastBatch(by: "ada") }
    #expect(error.message == "there is no decision to undo")
  }

  @Test func `undoing a batch leaves what was decided since`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1), rule(.quarantine, 2)])
    _ = try await catalog.append([by("ada", .quarantine, 2)])
    _ = try await catalog.undo(sequence: 3, by: "ada")
    #expect(try await catalog.undoLastBatch(by: "ada").count == 2)
    #expect(try await quarantined().isEmpty)
  }

  @Test func `a batch with two decisions about one image is undone whole`() async throws {
    _ = try await catalog.append([rule(.quarantine, 1), by("ada", .restore, 1)])
    #expect(try await catalog.undoLastBatch(by: "ada").map(\.undoes) == [2, 1])
    #expect(try await quarantined().isEmpty)
  }
}
