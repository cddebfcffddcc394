import SQLite
import Testing

@Suite struct StatementTests {
  @Test(arguments: [
    SQLiteValue.null, .integer(.min), .integer(.max), .integer(0), .real(-0.0), .real(.infinity),
    .real(.leastNonzeroMagnitude), .text(""), .text("Δ\u{0}é"), .blob([]), .blob([0, 255, 7]),
  ])
  func `a value comes back as it was bound`(value: SQLiteValue) throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    try database.run("CREATE TABLE t (v)")
    try database.run("INSERT INTO t VALUES (?)", value)
    #expect(try database.first("SELECT v FROM t", read: { $0.value(0) }) == value)
  }

  @Test func `typed values and nil are bound in order`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    let nothing: Int64? = nil
    let row = try database.first(
      "SELECT ?, ?, ?, ?, ?, ?", Int64(7), 2.5, "word", [UInt8(1), 2], nothing, true
    ) { row in
      (
        row.integer(0), row.real(1), row.text(2), row.blob(3), row.optionalInteger(4),
        row.integer(5)
      )
    }
    let (integer, real, text, blob, absent, truth) = try #require(row)
    #expect(integer == 7 && real == 2.5 && text == "word" && blob == [1, 2])
    #expect(absent == nil && truth == 1)
  }

  @Test func `texts without end do not fill the memory, and the same text is prepared once`() throws
  {
    let scratch = try Scratch()
    let database = try scratch.database()
    for number in 0..<2000 {
      #expect(try database.first("SELECT \(number)", read: { $0.integer(0) }) == Int64(number))
    }
    #expect(database.idleStatementCount <= 256)
    let before = database.idleStatementCount
    for _ in 0..<2000 { _ = try database.first("SELECT 7, 8", read: { $0.integer(0) }) }
    #expect(database.idleStatementCount <= before + 1)
  }

  @Test func `not a number is refused instead of becoming null`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    let error = try sqliteError { try database.run("SELECT ?", Double.nan) }
    #expect(error.code == .invalidValue)
    #expect(error.message == "value 1 of a statement is not a number")
  }

  @Test func `a value too many is refused`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    #expect(throws: SQLiteError.self) { try database.run("SELECT ?", 1, 2) }
  }

  @Test func `the same text can run inside itself`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    let sql = "SELECT value FROM (SELECT 1 AS value UNION ALL SELECT 2)"
    let pairs = try database.rows(sql) { outer in
      try database.rows(sql) { inner in [outer.integer(0), inner.integer(0)] }
    }
    #expect(pairs.flatMap { $0 } == [[1, 1], [1, 2], [2, 1], [2, 2]])
  }

  @Test func `a statement used again remembers nothing`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    #expect(try database.first("SELECT ?", "secret", read: { $0.text(0) }) == "secret")
    #expect(try database.first("SELECT ?", read: { $0.isNull(0) }) == true)
  }

  @Test func `an abandoned statement does not hold its table`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    try database.run(script: "CREATE TABLE t (v); INSERT INTO t VALUES (1), (2)")
    #expect(try database.first("SELECT v FROM t", read: { $0.integer(0) }) == 1)
    try database.run("DROP TABLE t")
  }

  @Test func `an empty statement is refused`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    #expect(throws: SQLiteError.self) { try database.run("  -- nothing") }
  }
}
