internal import SQLite

extension Catalog {
  /// Records a step that added images, as one change with them.
  /// - Throws: `CatalogError` as `commit(_:)` does.
  @discardableResult
  public func commit(_ batch: IndexBatch, of step: NewStep) throws -> IndexResult {
    try BatchCheck(batch: batch).run()
    return try database.transaction {
      var writer = IndexWriter(database: database, batch: batch, now: clock())
      let result = try writer.write()
      _ = try record(inTransaction: step)
      return result
    }
  }
}
