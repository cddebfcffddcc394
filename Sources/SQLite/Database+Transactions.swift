internal import CSQLite

extension Database {
  /// Runs `body` as one change: all of it is on the disk when this returns, none of it when this
  /// throws. The write lock is taken first (BEGIN IMMEDIATE), so a busy database fails before any
  /// work is done.
  /// - Precondition: no transaction is open.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try enclosed(by: "BEGIN IMMEDIATE", body)
  }

  /// Runs queries that all see the same state, whatever other processes commit meanwhile.
  /// - Precondition: no transaction is open.
  public func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
    try enclosed(by: "BEGIN DEFERRED", body)
  }

  private var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  private func enclosed<Result>(by begin: String, _ body: () throws -> Result) throws -> Result {
    precondition(!isInTransaction, "transactions do not nest")
    try run(begin)
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      rollBack()
      throw error
    }
  }

  /// After some errors SQLite has rolled back by itself; a failing ROLLBACK changes nothing, since
  /// an unfinished transaction ends with the connection. The test seam is not asked.
  private func rollBack() {
    if isInTransaction { unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
  }
}
