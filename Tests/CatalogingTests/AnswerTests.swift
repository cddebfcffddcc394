import Cataloging
import Domain
import Testing

/// What people say about pairs, and protection.
@Suite struct AnswerTests {
  let scratch: Scratch
  let catalog: Catalog

  init() async throws {
    scratch = try Scratch()
    catalog = try scratch.create()
    let source = try await catalog.source(population: .digital, root: "/d", layout: "x").id
    _ = try await catalog.commit(batch(source: source, count: 6))
  }

  func rule(_ image: Int64, _ other: Int64? = nil, rule: String = "near") -> NewDecision {
    NewDecision(image: image, other: other, action: .quarantine, rule: rule, reason: "planted")
  }

  func says(
    _ person: String, _ action: DecisionAction, _ image: Int64, _ other: Int64? = nil
  ) -> NewDecision {
    NewDecision(
      image: image, other: other, action: action, author: person, rule: "review", reason: "seen")
  }

  func quarantined() async throws -> [Int64] {
    try await catalog.quarantined().map(\.decision.image)
  }

  @Test func `same puts the image aside in the person's name, and undo takes both back`()
    async throws
  {
    let result = try await catalog.answer([says("ada", .same, 2, 1)])
    #expect(result.sequences == [1, 2] && result.batch == 1)
    #expect(try await quarantined() == [2])
    #expect(try await catalog.quarantined().first?.decision.author == "ada")
    #expect(try await catalog.standing().answer(1, 2)?.decision.action == .same)
    #expect(try await catalog.undoLastBatch(by: "ada").map(\.undoes) == [2, 1])
    #expect(try await quarantined().isEmpty)
    #expect(try await catalog.standing().answer(1, 2) == nil)
    let actions = try await catalog.decisions(image: 1).map(\.decision.action)
    #expect(actions == [.same, .quarantine, .open], "what names the image is about it too")
  }

  @Test func `different takes back what rested on the pair, and only that`() async throws {
    _ = try await catalog.append([rule(2, 1), rule(3, 1)])
    _ = try await catalog.append([rule(2, 5, rule: "leak")])
    _ = try await catalog.answer([says("ada", .different, 2, 1)])
    #expect(try await quarantined() == [2, 3], "the leak still stands")
    _ = try await catalog.answer([says("ada", .different, 2, 5)])
    #expect(try await quarantined() == [3], "both grounds are gone")
    #expect(try await catalog.standing().difference(1, 2) != nil)
    let undone = try await catalog.undoLastBatch(by: "ada")
    #expect(undone.count == 3, "the answer and what it took back")
    #expect(try await quarantined() == [2, 3])
    #expect(try await catalog.standing().difference(5, 2) == nil)
    #expect(try await catalog.check().isEmpty)
  }

  @Test func `an image put aside by hand stays aside, whatever a pair is called`() async throws {
    _ = try await catalog.append([says("bob", .quarantine, 2)])
    _ = try await catalog.answer([says("ada", .different, 2, 1)])
    #expect(try await quarantined() == [2])
  }

  @Test func `unsure does nothing and is on record; the last answer is in force`() async throws {
    _ = try await catalog.answer([says("ada", .unsure, 2, 1)])
    #expect(try await quarantined().isEmpty)
    #expect(try await catalog.answer([says("ada", .unsure, 1, 2)]).unchanged.count == 1)
    _ = try await catalog.answer([says("bob", .same, 2, 1)])
    #expect(try await catalog.standing().answer(2, 1)?.decision.author == "bob")
    _ = try await catalog.answer([says("bob", .different, 2, 1)])
    #expect(try await quarantined().isEmpty, "bob changed his mind")
  }

  @Test func `same is noted and the image stays where another person keeps it`() async throws {
    _ = try await catalog.append([says("ada", .protect, 2)])
    let result = try await catalog.answer([says("bob", .same, 2, 1)])
    #expect(result.sequences.count == 1 && result.conflicts.count == 1)
    #expect(result.conflicts.first?.standing.decision.author == "ada")
    #expect(try await quarantined().isEmpty)
  }

  @Test func `an answer without a second image, or of a rule, is refused`() async throws {
    for bad in [
      says("ada", .same, 1), says("ada", .quarantine, 1, 2), says(NewDecision.rule, .same, 1, 2),
      says("ada", .open, 1, 2),
    ] {
      let error = try await catalogError { _ = try await catalog.answer([bad]) }
      #expect(error.code == .invalidBatch)
    }
    let error = try await catalogError {
      _ = try await catalog.answer([says("ada", .same, 1, 2), says("ada", .same, 3, 77)])
    }
    #expect(error.code == .unknownRecord)
    await #expect(throws: CatalogError.self) {
      _ = try await catalog.append([says("ada", .same, 1, 2)])
    }
    #expect(try await catalog.decisions().isEmpty)
  }

  @Test func `a protected image stays, comes back from quarantine, and can be let go`()
    async throws
  {
    _ = try await catalog.append([rule(1, 2), rule(3, 4)])
    _ = try await catalog.append([says("ada", .protect, 1), says("ada", .protect, 5)])
    #expect(try await quarantined() == [3])
    let again = try await catalog.append([rule(1, 2), rule(5, 2)])
    #expect(again.conflicts.map(\.standing.decision.action) == [.protect, .protect])
    #expect(try await catalog.append([says("ada", .protect, 1)]).unchanged.count == 1)
    #expect(try await catalog.standing().keptByPersons == [1, 5])
    _ = try await catalog.unprotect([1, 5], by: "ada")
    #expect(try await quarantined() == [1, 3], "as it was before")
    #expect(try await catalog.append([rule(5, 2)]).sequences.count == 1)
    let error = try await catalogError {
      _ = try await catalog.unprotect([1], by: "ada")
    }
    #expect(error.message == "image 1 is not protected")
  }

  @Test func `the ledger can be read as it stood`() async throws {
    _ = try await catalog.append([rule(1, 2)])
    _ = try await catalog.append([says("ada", .protect, 1)])
    _ = try await catalog.answer([says("ada", .different, 3, 4)])
    #expect(try await catalog.standing(after: 0) == LedgerStanding())
    #expect(try await catalog.standing(after: 1).aside == [1])
    #expect(try await catalog.standing(after: 2).aside.isEmpty)
    #expect(try await catalog.standing(after: 2).pairs.isEmpty)
    #expect(try await catalog.standing(after: 3) == catalog.standing())
  }
}
