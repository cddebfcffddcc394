internal import SQLite

extension Catalog {
  /// Appends decisions to the ledger, as one batch that can be undone together.
  ///
  /// A rule never overrules a person: such a decision comes back as a conflict. Left out as well is
  /// what would change nothing: a quarantine by a rule (or a person) whose quarantine stands, a
  /// restore of what is not quarantined, a rule's agreement with a person.
  /// - Throws: `CatalogError` with code `unknownRecord`, and then appends nothing.
  public func append(_ decisions: [NewDecision]) throws -> AppendResult {
    try database.transaction {
      let batch = try nextBatch()
      var result = AppendResult()
      for decision in decisions {
        try database.requireImage(decision.image)
        let standing = try standing(of: decision.image)
        if let line = standing.refusal(of: decision) {
          result.conflicts.append(DecisionConflict(refused: decision, standing: line))
        } else if standing.makesNeedless(decision) {
          result.unchanged.append(decision)
        } else {
          result.sequences.append(try write(decision, batch: batch, undoes: nil))
        }
      }
      return result
    }
  }

  /// The ledger, or its lines about one image, by sequence.
  public func decisions(image: Int64? = nil) throws -> [DecisionRecord] {
    if let image { return try lines(about: image) }
    return try database.rows(
      DecisionRecord.query + " ORDER BY sequence", read: DecisionRecord.init(row:))
  }

  /// The decision by which each quarantined image is quarantined, by image.
  public func quarantined() throws -> [DecisionRecord] {
    try database.snapshot {
      let images = try database.rows("SELECT image FROM quarantined ORDER BY image") {
        $0.integer(0)
      }
      return try images.compactMap { try standing(of: $0).inForce?.line }
    }
  }

  func lines(about image: Int64) throws -> [DecisionRecord] {
    try database.rows(
      DecisionRecord.query + " WHERE image = ? ORDER BY sequence", image,
      read: DecisionRecord.init(row:))
  }

  func standing(of image: Int64) throws -> Standing { Standing(try lines(about: image)) }

  func nextBatch() throws -> Int64 {
    try database.first("SELECT coalesce(max(batch), 0) + 1 FROM decision") { $0.integer(0) } ?? 1
  }

  func write(_ decision: NewDecision, batch: Int64, undoes: Int64?) throws -> Int64 {
    try database.run(
      """
      INSERT INTO decision
        (batch, image, action, author, rule, reason, evidence, step, undoes, decided_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, batch, decision.image, decision.action.rawValue, decision.author, decision.rule,
      decision.reason, decision.evidence, decision.step, undoes, clock())
    return database.lastInsertedRow
  }
}

extension Standing {
  /// The person's decision that forbids this one, or nil.
  fileprivate func refusal(of decision: NewDecision) -> DecisionRecord? {
    guard let line = inForce?.line, decision.author == NewDecision.rule,
      line.decision.author != NewDecision.rule, line.decision.action != decision.action
    else { return nil }
    return line
  }

  fileprivate func makesNeedless(_ decision: NewDecision) -> Bool {
    let standing = inForce?.line.decision
    guard (standing?.action ?? .restore) == decision.action else { return false }
    if decision.author != NewDecision.rule { return standing?.author == decision.author }
    return decision.action == .restore || standing?.author != NewDecision.rule
      || isQuarantined(by: decision.author, rule: decision.rule)
  }
}

extension DecisionRecord {
  static let query = """
    SELECT sequence, batch, image, action, author, rule, reason, evidence, step, undoes, decided_at
    FROM decision
    """

  init(row: borrowing Statement) throws {
    self.init(
      sequence: row.integer(0), batch: row.integer(1),
      decision: NewDecision(
        image: row.integer(2), action: try row.word(3), author: row.text(4), rule: row.text(5),
        reason: row.text(6), evidence: row.text(7), step: row.optionalText(8)),
      undoes: row.optionalInteger(9), decidedAt: row.text(10))
  }
}
