import Cataloging
import Domain
import SQLite
import Testing

@Suite struct DigestTests {
  @Test func `two workspaces built the same way have the same digest, whatever the clock`()
    async throws
  {
    let scratch = try Scratch()
    let (one, two) = (try scratch.create("1"), try scratch.create("2", year: "1999"))
    for catalog in [one, two] {
      try await plant(catalog)
      try await plantGallery(catalog)
    }
    #expect(try await one.contentDigest() == two.contentDigest())
    #expect(try await one.step(key: "k1")?.finishedAt != two.step(key: "k1")?.finishedAt)
    #expect(try await one.tableDigests().allSatisfy { $0.rows > 0 })
  }

  @Test func `folders elsewhere change the digest only where roots count`() async throws {
    let scratch = try Scratch()
    let (one, two) = (try scratch.create("1"), try scratch.create("2"))
    _ = try await one.source(population: .real, root: "/here", layout: "flat")
    _ = try await two.source(population: .real, root: "/there", layout: "flat")
    #expect(try await one.contentDigest() != two.contentDigest())
    #expect(
      try await one.contentDigest(ignoringRoots: true) == two.contentDigest(ignoringRoots: true))
  }

  @Test func `any changed value changes the digest of its table, and only a clock does not`()
    async throws
  {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    try await plant(catalog)
    try await plantGallery(catalog)
    let raw = try scratch.raw()
    try raw.run(
      script: """
        PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
        DROP TRIGGER decision_is_not_changed;
        """)
    let before = try await catalog.contentDigest()
    let tables = try await catalog.tableDigests()
    #expect(tables.count == 22)
    for table in tables {
      let columns = try raw.rows("SELECT name, type FROM pragma_table_info(?)", table.table) {
        (name: $0.text(0), type: $0.text(1))
      }
      for column in columns {
        try raw.run("BEGIN")
        try raw.run(change(table.table, column.name, column.type))
        try raw.run("COMMIT")
        let differing = try await catalog.tableDigests().filter { !tables.contains($0) }
        let expected = column.name.hasSuffix("_at") ? [] : [table.table]
        #expect(differing.map(\.table) == expected, "\(table.table).\(column.name)")
        #expect(try await (catalog.contentDigest() == before) == expected.isEmpty)
        try raw.run(restore(table.table, column.name, column.type))
      }
    }
  }

  /// Changes every row in a way `restore` takes back; NULL becomes a value and back.
  private func change(_ table: String, _ column: String, _ type: String) -> String {
    let changed =
      switch type {
      case "INTEGER": "coalesce(-\(column) - 1000, 77777)"
      case "REAL": "coalesce(-\(column), 77777.0)"
      case "TEXT": "coalesce(\(column) || '!', '!!')"
      default: "coalesce(CAST(\(column) || x'21' AS BLOB), x'2121')"
      }
    return "UPDATE \"\(table)\" SET \"\(column)\" = \(changed)"
  }

  private func restore(_ table: String, _ column: String, _ type: String) -> String {
    let old =
      switch type {
      case "INTEGER": "CASE \(column) WHEN 77777 THEN NULL ELSE -(\(column) + 1000) END"
      case "REAL": "CASE \(column) WHEN 77777.0 THEN NULL ELSE -\(column) END"
      case "TEXT":
        "CASE \(column) WHEN '!!' THEN NULL ELSE substr(\(column), 1, length(\(column)) - 1) END"
      default:
        "CASE \(column) WHEN x'2121' THEN NULL ELSE substr(\(column), 1, length(\(column)) - 1) END"
      }
    return "UPDATE \"\(table)\" SET \"\(column)\" = \(old)"
  }

  @Test func `a value does not run over into its neighbour`() async throws {
    let scratch = try Scratch()
    let (one, two) = (try scratch.create("1"), try scratch.create("2"))
    try await one.record(
      NewStep(
        key: "k", name: "ab", toolVersion: "c", parameters: "", inputs: "", summary: ""))
    try await two.record(
      NewStep(
        key: "k", name: "a", toolVersion: "bc", parameters: "", inputs: "", summary: ""))
    #expect(try await one.contentDigest() != two.contentDigest())
  }
}

@Suite struct CheckTests {
  static let damages: [(CatalogProblem.Kind, String, String)] = [
    (.rowBeyondShard, "UPDATE shard SET row_count = 1 WHERE id = 2", "two.shard"),
    (
      .spaceMismatch,
      "INSERT INTO space VALUES (9, 'image', 3, 'e'); UPDATE shard SET space = 9 WHERE id = 2",
      "two.shard"
    ),
    (.outcomeMismatch, "UPDATE outcome SET image = NULL WHERE image = 1", "a/0.png"),
    (.outcomeMismatch, "UPDATE image SET digest = x'00' WHERE id = 1", "a/0.png"),
    (.outcomeMismatch, "DELETE FROM outcome WHERE image = 1", "a/0.png"),
    (.missingEmbedding, "DELETE FROM embedding WHERE image = 1", "a/0.png"),
    (.unusedShard, "DELETE FROM embedding WHERE shard = 2", "two.shard"),
    (.brokenReference, "DELETE FROM source WHERE id = 3", ""),
  ]

  @Test(arguments: 0..<damages.count)
  func `each kind of damage is found and named`(number: Int) async throws {
    let (kind, damage, subject) = Self.damages[number]
    let scratch = try Scratch()
    let catalog = try scratch.create()
    try await plant(catalog)
    #expect(try await catalog.check().isEmpty)
    try scratch.raw().run(script: "PRAGMA foreign_keys = OFF; \(damage)")
    let problems = try await catalog.check()
    let found = problems.filter { $0.kind == kind }
    #expect(!found.isEmpty, "\(damage): \(problems)")
    #expect(found.allSatisfy { subject.isEmpty || $0.subject == subject }, "\(found)")
  }

  @Test func `counts add up`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    try await plant(catalog)
    _ = try await catalog.append([
      NewDecision(image: 2, action: .quarantine, rule: "exact", reason: "same")
    ])
    let counts = try await catalog.counts()
    #expect(counts.images.map(\.population) == [.digital, .generated, .reference])
    #expect(counts.images.map(\.images) == [4, 1, 2])
    #expect(counts.images.map(\.quarantined) == [1, 0, 0])
    #expect(counts.images.map(\.identities) == [2, 1, 2])
    #expect(counts.embeddings.map(\.embeddings) == [6])
    #expect(counts.embeddings.map(\.shards) == [2])
    #expect(counts.outcomes.map(\.files) == [4, 1, 1, 2])
    #expect(counts.outcomes.map(\.reason) == ["", "cannot be decoded", "", ""])
  }
}
