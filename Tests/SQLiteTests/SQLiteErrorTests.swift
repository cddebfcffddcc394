import Foundation
import SQLite
import Testing

@Suite struct SQLiteErrorTests {
  static let python = ["/usr/bin/python3", "/usr/local/bin/python3"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test func `a missing file is not made by opening it`() throws {
    let scratch = try Scratch()
    let path = scratch.path("none.sqlite")
    let error = try sqliteError { _ = try Database(path: path, mode: .existing) }
    #expect(error.code == .cannotOpen)
    #expect(error.message == "the database \(path) cannot be opened")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a file that is no database is named`() throws {
    let scratch = try Scratch()
    let path = scratch.path("photo.png")
    try Data(repeating: 0x89, count: 4096).write(to: URL(fileURLWithPath: path))
    let error = try sqliteError { _ = try Database(path: path, mode: .existing) }
    #expect(error.code == .notADatabase)
    #expect(error.message == "the file \(path) is not a database")
  }

  @Test func `a full disk says so and keeps the old rows`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    try database.run(
      script: "CREATE TABLE t (v); INSERT INTO t VALUES (1); PRAGMA max_page_count = 3")
    let error = try sqliteError {
      try database.transaction {
        _ = try database.run("INSERT INTO t VALUES (?)", [UInt8](repeating: 1, count: 100_000))
      }
    }
    #expect(error.code == .diskFull)
    #expect(error.hint?.contains("free some space") == true)
    #expect(try database.first("SELECT count(*) FROM t", read: { $0.integer(0) }) == 1)
  }

  @Test func `a constraint names its column and no value`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    try database.run("CREATE TABLE t (name TEXT UNIQUE)")
    try database.run("INSERT INTO t VALUES (?)", "Ada Lovelace")
    let error = try sqliteError { try database.run("INSERT INTO t VALUES (?)", "Ada Lovelace") }
    #expect(error.code == .constraint)
    #expect(error.extendedCode == 2067)
    #expect(error.sql == "INSERT INTO t VALUES (?)")
    #expect(error.message.contains("t.name"))
    #expect(!"\(error)".contains("Lovelace"))
  }

  @Test func `a database that only may be read says so`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    try database.run("PRAGMA query_only = ON")
    let error = try sqliteError { try database.run("CREATE TABLE t (v)") }
    #expect(error.code == .readOnly)
    #expect(error.hint == "check the permissions of the file and of its folder")
  }

  @Test(.enabled(if: python != nil, "needs python3 for a second process"))
  func `a lock held by another process is a clear error`() throws {
    let scratch = try Scratch()
    let database = try scratch.database()
    let other = Process()
    other.executableURL = URL(fileURLWithPath: try #require(Self.python))
    let script = """
      import sqlite3, sys
      c = sqlite3.connect(sys.argv[1], isolation_level=None)
      c.execute("BEGIN IMMEDIATE"); print("held", flush=True); sys.stdin.readline()
      c.execute("ROLLBACK")
      """
    other.arguments = ["-c", script, scratch.path("a.sqlite")]
    let (input, output) = (Pipe(), Pipe())
    (other.standardInput, other.standardOutput) = (input, output)
    try other.run()
    let answer = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    #expect(answer.hasPrefix("held"))
    let error = try sqliteError { try database.transaction {} }
    #expect(error.code == .busy)
    #expect(
      error.message == "the database \(scratch.path("a.sqlite")) is locked by another process")
    #expect(error.hint == "wait for the other command that uses it to finish, then try again")
    try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
    other.waitUntilExit()
    try database.transaction {}
  }
}
