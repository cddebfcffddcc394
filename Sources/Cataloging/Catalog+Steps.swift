internal import SQLite

extension Catalog {
  /// The step with this key, or nil where it has not been finished.
  public func step(key: String) throws -> StepRecord? {
    try database.step(key: key)
  }

  /// The step of this name that is in force, or nil where none was ever finished.
  public func latestStep(named name: String) throws -> StepRecord? {
    try database.first(
      StepRecord.query + " WHERE name = ? ORDER BY ordinal DESC LIMIT 1", name,
      read: StepRecord.init(row:))
  }

  /// Every finished step, by name, then by ordinal.
  public func steps() throws -> [StepRecord] {
    try database.rows(StepRecord.query + " ORDER BY name, ordinal", read: StepRecord.init(row:))
  }

  /// Records a finished step that has no results of its own; the latest recorded is in force.
  ///
  /// A key that is known keeps its ordinal where it is the latest of its name, and else becomes the
  /// latest again.
  @discardableResult
  public func record(_ step: NewStep) throws -> StepRecord {
    try database.transaction { try record(inTransaction: step) }
  }

  func record(inTransaction step: NewStep) throws -> StepRecord {
    try database.run(
      """
      INSERT INTO step (key, name, tool_version, parameters, inputs, summary, ordinal, finished_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6,
        (SELECT coalesce(max(ordinal), 0) + 1 FROM step WHERE name = ?2), ?7)
      ON CONFLICT (key) DO UPDATE SET
        ordinal = CASE ordinal WHEN excluded.ordinal - 1 THEN ordinal ELSE excluded.ordinal END,
        summary = excluded.summary, finished_at = excluded.finished_at
      """, step.key, step.name, step.toolVersion, step.parameters, step.inputs, step.summary,
      clock())
    guard let recorded = try database.step(key: step.key), recorded.name == step.name else {
      throw CatalogError(
        .invalidBatch, "the key of the step \(step.name) belongs to another step: \(step.key)")
    }
    return recorded
  }
}

extension Database {
  fileprivate func step(key: String) throws -> StepRecord? {
    try first(StepRecord.query + " WHERE key = ?", key, read: StepRecord.init(row:))
  }
}

extension StepRecord {
  static let query = """
    SELECT key, name, tool_version, parameters, inputs, summary, ordinal, finished_at FROM step
    """

  init(row: borrowing Statement) {
    self.init(
      key: row.text(0), name: row.text(1), toolVersion: row.text(2), parameters: row.text(3),
      inputs: row.text(4), summary: row.text(5), ordinal: row.int(6), finishedAt: row.text(7))
  }
}
