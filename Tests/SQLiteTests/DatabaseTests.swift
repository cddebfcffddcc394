import SQLite
import Testing

@Suite struct DatabaseTests {
  @Test(arguments: [
    ("journal_mode", "wal"), ("foreign_keys", "1"), ("synchronous", "2"),
    ("trusted_schema", "0"), ("recursive_triggers", "1"), ("busy_timeout", "50"),
  ])
  func `a connection is opened the safe way`(pragma: String, value: String) throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    #expect(try database.first("PRAGMA \(pragma)", read: { $0.text(0) }) == value)
  }

  @Test func `a transaction that throws leaves nothing`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    try database.run("CREATE TABLE t (v)")
    #expect(throws: Planned.self) {
      try database.transaction {
        try database.run("INSERT INTO t VALUES (1)")
        throw Planned()
      }
    }
    #expect(try database.first("SELECT count(*) FROM t", read: { $0.integer(0) }) == 0)
    try database.transaction { _ = try database.run("INSERT INTO t VALUES (1)") }
    #expect(try database.first("SELECT count(*) FROM t", read: { $0.integer(0) }) == 1)
  }

  @Test func `what a transaction wrote is there after opening again`() throws {
    let scratch = try Scratch()
    do {
      let database = try scratch.database()
      try database.transaction { try database.run(script: "CREATE TABLE t (v)") }
      #expect(try database.run("INSERT INTO t VALUES (1), (2)") == 2)
      #expect(database.lastInsertedRow == 2)
    }
    let again = try Database(path: scratch.path("a.sqlite"), mode: .existing)
    #expect(try again.rows("SELECT v FROM t", read: { $0.integer(0) }) == [1, 2])
  }

  @Test func `a snapshot does not see what another connection commits`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    try database.run("CREATE TABLE t (v)")
    let other = try scratch.database()
    let counts = try database.snapshot {
      let before = try database.first("SELECT count(*) FROM t") { $0.integer(0) }
      try other.run("INSERT INTO t VALUES (1)")
      return [before, try database.first("SELECT count(*) FROM t") { $0.integer(0) }]
    }
    #expect(counts == [0, 0])
    #expect(try database.first("SELECT count(*) FROM t", read: { $0.integer(0) }) == 1)
  }

  @Test func `a sound file passes both checks`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    #expect(try database.integrityCheck().isEmpty)
    #expect(try database.foreignKeyCheck().isEmpty)
  }

  @Test func `a broken reference is named`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    try database.run(
      script: """
        PRAGMA foreign_keys = OFF; CREATE TABLE parent (id INTEGER PRIMARY KEY);
        CREATE TABLE child (parent REFERENCES parent (id)); INSERT INTO child VALUES (9);
        """)
    #expect(
      try database.foreignKeyCheck() == ["row 1 of child points at a missing row of parent"])
  }

  @Test func `the seam can fail any one statement`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    database.willRun = { if $0.hasPrefix("INSERT") { throw Planned() } }
    try database.run("CREATE TABLE t (v)")
    #expect(throws: Planned.self) { try database.run("INSERT INTO t VALUES (1)") }
  }
}
