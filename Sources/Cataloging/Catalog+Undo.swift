internal import SQLite

extension Catalog {
  /// Takes back one line of the ledger by appending another.
  ///
  /// The image is then as it was before the line, and whoever had decided before it has the last
  /// word again. An undoing can itself be undone.
  /// - Returns: the line written.
  /// - Throws: `CatalogError` with code `notInForce` where a later decision about the image stands.
  public func undo(sequence: Int64, by author: String) throws -> DecisionRecord {
    try database.transaction {
      let line = try line(sequence)
      let standing = try standing(of: line.decision.image)
      guard standing.canUndo(sequence) else {
        throw CatalogError(
          .notInForce, "decision \(sequence) is not in force: \(reason(standing))",
          hint: "undo the later decision first")
      }
      return try takeBack(line, in: standing, batch: try nextBatch(), by: author)
    }
  }

  /// Takes back the decisions of the latest batch that still stand. Called again, it takes back
  /// the batch before.
  /// - Returns: the lines written; the last line of the batch is undone first.
  /// - Throws: `CatalogError` with code `notInForce` where no decision is left.
  public func undoLastBatch(by author: String) throws -> [DecisionRecord] {
    try database.transaction {
      var before = try nextBatch()
      while let batch = try lastBatch(before: before) {
        let written = try takeBack(batch: batch, by: author)
        if !written.isEmpty { return written }
        before = batch
      }
      throw CatalogError(
        .notInForce, "there is no decision to undo",
        hint: "see what is put aside: d2r-curate quarantine list")
    }
  }

  private func takeBack(batch: Int64, by author: String) throws -> [DecisionRecord] {
    let lines = try database.rows(
      DecisionRecord.query + " WHERE batch = ? ORDER BY sequence", batch,
      read: DecisionRecord.init(row:))
    let undoing = try nextBatch()
    // Backwards, since one batch may hold several decisions about one image.
    let written: [DecisionRecord] = try lines.reversed().compactMap { line in
      let standing = try standing(of: line.decision.image)
      guard standing.inForce?.via == line.sequence else { return nil }
      return try takeBack(line, in: standing, batch: undoing, by: author)
    }
    return written
  }

  private func takeBack(
    _ line: DecisionRecord, in standing: Standing, batch: Int64, by author: String
  ) throws -> DecisionRecord {
    let decision = NewDecision(
      image: line.decision.image, action: standing.actionAfterUndoing(line.sequence),
      author: author, rule: "undo",
      reason: "takes back decision \(line.sequence) (\(line.decision.rule))")
    return try self.line(try write(decision, batch: batch, undoes: line.sequence))
  }

  private func line(_ sequence: Int64) throws -> DecisionRecord {
    let line = try database.first(
      DecisionRecord.query + " WHERE sequence = ?", sequence, read: DecisionRecord.init(row:))
    guard let line else {
      throw CatalogError(
        .unknownRecord, "the ledger has no decision \(sequence)",
        hint: "see the numbers: d2r-curate quarantine list --json")
    }
    return line
  }

  private func lastBatch(before batch: Int64) throws -> Int64? {
    try database.first("SELECT max(batch) FROM decision WHERE batch < ?", batch) {
      $0.optionalInteger(0)
    } ?? nil
  }

  private func reason(_ standing: Standing) -> String {
    guard let via = standing.inForce?.via else { return "it was taken back" }
    return "decision \(via) about the same image stands"
  }
}
