internal import CSQLite

extension Database {
  /// Runs one statement to its end.
  /// - Returns: how many rows it changed; 0 where it only read.
  @discardableResult
  public func run<each Value: SQLiteBindable>(
    _ sql: String, _ values: repeat each Value
  ) throws -> Int {
    let statement = try bound(sql, repeat each values)
    let before = unsafe sqlite3_total_changes64(handle)
    while try statement.step() {}
    return Int(unsafe sqlite3_total_changes64(handle) - before)
  }

  /// Every row of a query, in the query's order.
  public func rows<Row, each Value: SQLiteBindable>(
    _ sql: String, _ values: repeat each Value, read: (borrowing Statement) throws -> Row
  ) throws -> [Row] {
    let statement = try bound(sql, repeat each values)
    var rows: [Row] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }

  /// The first row of a query, or nil.
  public func first<Row, each Value: SQLiteBindable>(
    _ sql: String, _ values: repeat each Value, read: (borrowing Statement) throws -> Row
  ) throws -> Row? {
    let statement = try bound(sql, repeat each values)
    return try statement.step() ? try read(statement) : nil
  }

  /// Calls `body` with every row of a query, without collecting them.
  public func forEachRow<each Value: SQLiteBindable>(
    _ sql: String, _ values: repeat each Value, body: (borrowing Statement) throws -> Void
  ) throws {
    let statement = try bound(sql, repeat each values)
    while try statement.step() { try body(statement) }
  }

  /// The key of the row inserted last on this connection.
  public var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  private func bound<each Value: SQLiteBindable>(
    _ sql: String, _ values: repeat each Value
  ) throws -> Statement {
    let statement = try statement(sql)
    var index = 0
    for value in repeat each values {
      index += 1
      try statement.bind(value.sqliteValue, at: index)
    }
    try willRun?(sql)
    return statement
  }
}
