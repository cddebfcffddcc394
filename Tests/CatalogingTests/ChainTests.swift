import Cataloging
import Domain
import Migrations
import SQLite
import Testing

/// Whoever changes the ledger behind the tool's back is found out.
@Suite struct ChainTests {
  let scratch: Scratch
  let catalog: Catalog

  init() async throws {
    scratch = try Scratch()
    catalog = try scratch.create()
    try await plant(catalog)
    for image in [Int64(1), 2, 3] {
      _ = try await catalog.append([
        NewDecision(
          image: image, other: 4, action: .quarantine, rule: "near", reason: "planted",
          evidence: "{\"other\":4}", step: "k3")
      ])
    }
    _ = try await catalog.answer([
      NewDecision(image: 4, other: 1, action: .unsure, author: "ada", rule: "review", reason: "")
    ])
  }

  /// A connection that may change everything.
  private func unguarded() throws -> Database {
    let raw = try scratch.raw()
    let triggers = ["replaced", "changed", "deleted"].flatMap {
      ["DROP TRIGGER decision_is_not_\($0);", "DROP TRIGGER link_is_not_\($0);"]
    }
    try raw.run(
      script: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;"
        + triggers.joined())
    return raw
  }

  private func breaks() async throws -> [String] {
    try await catalog.check().filter { $0.kind == .brokenChain }.map(\.message)
  }

  static let columns = [
    ("batch", "batch + 1"), ("image", "image + 1"), ("other", "coalesce(other, 0) + 1"),
    ("action", "'restore'"), ("author", "author || ' '"), ("rule", "'Near'"),
    ("reason", "'plantee'"), ("evidence", "'{\"other\":5}'"), ("step", "NULL"),
    ("undoes", "1"), ("decided_at", "'2000-01-01T00:00:01Z'"), ("sequence", "99"),
  ]

  @Test func `every column of a line is tried`() throws {
    let all = try scratch.raw().rows("SELECT name FROM pragma_table_info('decision')") {
      $0.text(0)
    }
    #expect(Set(all) == Set(Self.columns.map(\.0)))
  }

  @Test(arguments: 0..<columns.count)
  func `a changed value breaks the chain at its line`(number: Int) async throws {
    #expect(try await catalog.check().isEmpty)
    let (column, value) = Self.columns[number]
    try unguarded().run("UPDATE decision SET \(column) = \(value) WHERE sequence = 4")
    let found = try await breaks()
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("line 4 is") == true, "\(column): \(found)")
  }

  @Test func `a deleted line, a lost hash and a forged hash are named`() async throws {
    let raw = try unguarded()
    try raw.run("BEGIN")
    try raw.run("DELETE FROM decision WHERE sequence = 2")
    try raw.run("COMMIT")
    #expect(try await breaks() == ["line 2 is missing"])
    let other = try Scratch()
    let second = try other.create()
    try await plant(second)
    let forged = try other.raw()
    try forged.run(script: "DROP TRIGGER link_is_not_deleted; DROP TRIGGER link_is_not_changed")
    try forged.run("UPDATE link SET hash = zeroblob(32) WHERE sequence = 1")
    #expect(
      try await second.check().first?.message
        == "line 1 is not what was written: the chain breaks there")
    try forged.run("DELETE FROM link WHERE sequence = 1")
    #expect(try await second.check().first?.message == "line 1 has no hash")
  }

  @Test func `a forged line with its own hash made anew breaks at the next`() async throws {
    let raw = try unguarded()
    try raw.run("UPDATE decision SET reason = 'forged' WHERE sequence = 3")
    // What the forger's line would hash to is not known here; any other value shows the same.
    try raw.run("UPDATE link SET hash = zeroblob(32) WHERE sequence = 3")
    #expect(try await breaks().count == 1)
  }

  @Test func `a tail that was cut off is found by the head noted before`() async throws {
    let head = try await catalog.ledgerHead()
    #expect(head.count == 6)
    #expect(LedgerHead(text: head.text) == head)
    #expect(LedgerHead(text: "6:abc") == nil && LedgerHead(text: head.hash) == nil)
    #expect(try await catalog.disagreement(with: head) == nil)
    let raw = try unguarded()
    try raw.run("DELETE FROM decision WHERE sequence = 6")
    #expect(try await breaks() == ["line 6 is missing: the ledger was cut off"])
    try raw.run("DELETE FROM link WHERE sequence = 6")
    #expect(try await breaks().isEmpty, "the rest is whole")
    let message = try #require(try await catalog.disagreement(with: head))
    #expect(message.contains("5 lines where 6 were noted"))
    _ = try await catalog.append([
      NewDecision(image: 4, action: .quarantine, author: "eve", rule: "by hand", reason: "")
    ])
    let other = try #require(try await catalog.disagreement(with: head))
    #expect(other.contains("after line 6 its hash is not the one that was noted"))
  }

  @Test func `the head of an empty ledger is a continuation of nothing`() async throws {
    let empty = try scratch.create("empty.sqlite")
    let head = try await empty.ledgerHead()
    #expect(head.count == 0 && head.hash.count == 64)
    #expect(try await catalog.disagreement(with: head) == nil)
    #expect(try await empty.disagreement(with: catalog.ledgerHead()) != nil)
  }

  @Test func `missing triggers are a problem`() async throws {
    try scratch.raw().run("DROP TRIGGER decision_is_not_changed")
    let problems = try await catalog.check()
    #expect(problems.map(\.kind) == [.unguardedLedger])
    #expect(problems.first?.message.contains("decision_is_not_changed") == true)
  }

  @Test(arguments: ["UPDATE link SET hash = x'00'", "DELETE FROM link"])
  func `a hash cannot be changed`(statement: String) async throws {
    let error = try #require(throws: SQLiteError.self) { try scratch.raw().run(statement) }
    #expect(error.message.contains("the ledger is append-only"))
  }

  @Test func `the clock is in the chain and not in the content digest`() async throws {
    let (one, two) = (try scratch.create("1"), try scratch.create("2", year: "1999"))
    try await plant(one)
    try await plant(two)
    #expect(try await one.contentDigest() == two.contentDigest())
    #expect(try await one.ledgerHead() != two.ledgerHead())
    let three = try scratch.create("3")
    try await plant(three)
    #expect(try await one.ledgerHead() == three.ledgerHead())
  }
}

@Suite struct OldLedgerTests {
  /// A catalog with the first migration alone, and decisions in it.
  private func old(_ scratch: Scratch) throws -> Database {
    let old = try Database(path: scratch.path("old.sqlite"), mode: .create)
    let first = try #require(Migration.all.first)
    try old.run(
      script: """
        PRAGMA application_id = \(0x6432_7263);
        CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,
          sha256 TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;
        """)
    try old.run(script: first.sql)
    try old.run(
      "INSERT INTO migration VALUES (1, ?, ?, '1999')", first.name, first.sha256)
    try old.run(
      script: """
        INSERT INTO source VALUES (1, 'digital', '/d', 'x');
        INSERT INTO image (id, source, path) VALUES (1, 1, 'a'), (2, 1, 'b');
        INSERT INTO outcome VALUES (1, 'a', 'indexed', '', NULL, 1), (1, 'b', 'indexed', '', NULL, 2);
        INSERT INTO decision VALUES
          (1, 1, 1, 'quarantine', 'rule', 'near', 'planted', '{"other":2}', NULL, NULL, '1999'),
          (2, 2, 1, 'restore', 'ada', 'undo', 'takes back decision 1', 'not json', NULL, 1, '1999'),
          (3, 3, 2, 'quarantine', 'rule', 'near', 'planted', '{"other":77}', NULL, NULL, '1999');
        """)
    return old
  }

  @Test func `lines from before the chain are taken over whole and linked`() async throws {
    let scratch = try Scratch()
    _ = try old(scratch)
    let catalog = try scratch.open("old.sqlite")
    #expect(try await catalog.check().isEmpty)
    let lines = try await catalog.decisions()
    #expect(lines.map(\.sequence) == [1, 2, 3])
    #expect(lines.map(\.decision.other) == [2, nil, nil])
    #expect(lines.map(\.decidedAt) == ["1999", "1999", "1999"])
    #expect(lines.map(\.undoes) == [nil, 1, nil])
    #expect(try await catalog.quarantined().map(\.decision.image) == [2])
    let head = try await catalog.ledgerHead()
    #expect(head.count == 3)
    #expect(try await scratch.open("old.sqlite").ledgerHead() == head)
    _ = try await catalog.undo(sequence: 3, by: "ada")
    #expect(try await catalog.ledgerHead().count == 4)
    #expect(try await catalog.check().isEmpty)
  }

  @Test func `an old ledger with a gap is refused, and left as it was`() async throws {
    let scratch = try Scratch()
    let raw = try old(scratch)
    try raw.run(script: "DROP TRIGGER decision_is_not_deleted; PRAGMA foreign_keys = OFF")
    try raw.run("DELETE FROM decision WHERE sequence = 2")
    let error = try await catalogError { _ = try scratch.open("old.sqlite") }
    #expect(error.message.contains("has no line 2"))
    let ledger = try #require(Migration.all.first { $0.name == "ledger" })
    let last = try #require(try raw.first("SELECT max(number) FROM migration") { $0.integer(0) })
    #expect(last < Int64(ledger.number))
  }
}
