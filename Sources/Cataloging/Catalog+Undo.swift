internal import SQLite

extension Catalog {
  /// Takes back one line of the ledger by appending another.
  ///
  /// The image (or the pair) is then as it was before the line, and whoever had decided before it
  /// has the last word again. An undoing can itself be undone; a purge cannot.
  /// - Returns: the line written.
  /// - Throws: `CatalogError` with code `notInForce` where a later decision about the image stands.
  public func undo(sequence: Int64, by author: String) throws -> DecisionRecord {
    try database.transaction {
      let line = try line(sequence)
      let standing = try standing(around: line.decision)
      guard line.decision.action != .purge else { throw CatalogError.purgeIsFinal([line]) }
      guard standing.canUndo(sequence) else {
        throw CatalogError(
          .notInForce, "decision \(sequence) is not in force: \(reason(standing, line))",
          hint: "undo the later decision first")
      }
      return try takeBack(line, in: standing, batch: try nextBatch(), by: author)
    }
  }

  /// Takes back the decisions of the latest batch that still stand. Called again, it takes back
  /// the batch before.
  /// - Returns: the lines written; the last line of the batch is undone first.
  /// - Throws: `CatalogError` with code `notInForce` where no decision is left, or the latest batch
  ///   purged images.
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

  /// Takes back the decisions of one batch that still stand.
  /// - Returns: the lines written; empty where nothing of the batch stands.
  /// - Throws: `CatalogError` with code `notInForce` where the batch purged images.
  public func undo(batch: Int64, by author: String) throws -> [DecisionRecord] {
    try database.transaction { try takeBack(batch: batch, by: author) }
  }

  /// Takes a person's protection off images again.
  /// - Returns: the lines written.
  /// - Throws: `CatalogError` with code `notInForce` where an image is not protected; nothing is then
  ///   written.
  public func unprotect(_ images: [Int64], by author: String) throws -> [DecisionRecord] {
    try database.transaction {
      let batch = try nextBatch()
      return try images.map { image in
        try database.requireImage(image)
        let standing = try standing(of: image)
        guard let opinion = standing.inForce, opinion.line.decision.action == .protect else {
          throw CatalogError(
            .notInForce, "image \(image) is not protected",
            hint: "see what stands: d2r-curate blame \(image)")
        }
        return try takeBack(try line(opinion.via), in: standing, batch: batch, by: author)
      }
    }
  }

  private func takeBack(batch: Int64, by author: String) throws -> [DecisionRecord] {
    let lines = try database.rows(
      DecisionRecord.query + " WHERE batch = ? ORDER BY sequence", batch,
      read: DecisionRecord.init(row:))
    let purges = lines.filter { $0.decision.action == .purge }
    guard purges.isEmpty else { throw CatalogError.purgeIsFinal(purges) }
    // An undoing stays when it stands alone; as a part of a decision it goes with it.
    let isUndoing = lines.allSatisfy { $0.undoes != nil }
    let undoing = try nextBatch()
    // Backwards, since one batch may hold several decisions about one image.
    return try lines.reversed().compactMap { line in
      let standing = try standing(around: line.decision)
      let stands = standing.inForce?.via == line.sequence && !standing.isPurged
      guard stands || (!isUndoing && standing.canUndo(line.sequence)) else { return nil }
      return try takeBack(line, in: standing, batch: undoing, by: author)
    }
  }

  func takeBack(
    _ line: DecisionRecord, in standing: Standing, batch: Int64, by author: String
  ) throws -> DecisionRecord {
    let isPair = line.decision.action.isAboutPair
    let decision = NewDecision(
      image: line.decision.image, other: isPair ? line.decision.other : nil,
      action: standing.actionAfterUndoing(line.sequence, base: isPair ? .open : .restore),
      author: author, rule: "undo",
      reason: "takes back decision \(line.sequence) (\(line.decision.rule))")
    return try self.line(try write(decision, batch: batch, undoes: line.sequence))
  }

  func line(_ sequence: Int64) throws -> DecisionRecord {
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

  private func reason(_ standing: Standing, _ line: DecisionRecord) -> String {
    guard let via = standing.inForce?.via else { return "it was taken back" }
    let subject = line.decision.action.isAboutPair ? "pair" : "image"
    return "decision \(via) about the same \(subject) stands"
  }
}

extension CatalogError {
  fileprivate static func purgeIsFinal(_ lines: [DecisionRecord]) -> CatalogError {
    let first = lines.first.map { "decision \($0.sequence)" } ?? "the decision"
    let what = lines.count == 1 ? "an image" : "\(lines.count) images"
    return CatalogError(
      .notInForce, "\(first) purged \(what): what was deleted cannot be brought back",
      hint: "take back an earlier decision by its number: d2r-curate undo --decision N")
  }
}
