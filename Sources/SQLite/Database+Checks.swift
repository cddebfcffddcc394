internal import CSQLite

extension Database {
  /// What SQLite's own check finds wrong with the file, in its words; empty when it is sound.
  public func integrityCheck() throws -> [String] {
    try rows("PRAGMA integrity_check") { $0.text(0) }.filter { $0 != "ok" }
  }

  /// Rows that point at a row that does not exist, one sentence each; empty when there is none.
  public func foreignKeyCheck() throws -> [String] {
    try rows("PRAGMA foreign_key_check") { row in
      let child = row.optionalInteger(1).map { "row \($0) of " } ?? "a row of "
      return "\(child)\(row.text(0)) points at a missing row of \(row.text(2))"
    }
  }
}

extension Database {
  /// The version of the SQLite library in use.
  public static var libraryVersion: String {
    // Safe: SQLite's version is a constant text of its own.
    unsafe String(cString: sqlite3_libversion())
  }
}
