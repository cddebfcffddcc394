internal import SQLite

extension Catalog {
  /// Appends decisions about images to the ledger, as one batch that can be undone together.
  ///
  /// A rule never overrules a person: such a decision comes back as a conflict. Left out as well is
  /// what would change nothing: a quarantine by a rule (or a person) whose quarantine stands, a
  /// restore of what is not quarantined, a rule's agreement with a person, a rule's word about an
  /// image that was purged.
  /// - Throws: `CatalogError` with code `unknownRecord`, `invalidBatch` for a decision that is not
  ///   about an image or purges one, or `notInForce` for a person's decision about an image that was
  ///   purged; then nothing is appended.
  public func append(_ decisions: [NewDecision]) throws -> AppendResult {
    try database.transaction {
      let batch = try nextBatch()
      var result = AppendResult()
      for decision in decisions {
        guard !decision.action.isAboutPair, decision.action != .purge else {
          throw CatalogError(
            .invalidBatch, "'\(decision.action.rawValue)' is no decision about an image")
        }
        try append(decision, batch: batch, to: &result)
      }
      return result
    }
  }

  /// Appends one decision about an image, unless it is refused or needless.
  func append(_ decision: NewDecision, batch: Int64, to result: inout AppendResult) throws {
    try database.requireImage(decision.image)
    let standing = try standing(of: decision.image)
    if standing.isPurged {
      guard !decision.isByPerson else { throw CatalogError.purged(decision.image) }
      result.unchanged.append(decision)
    } else if let line = standing.refusal(of: decision) {
      result.conflicts.append(DecisionConflict(refused: decision, standing: line))
    } else if standing.makesNeedless(decision) {
      result.unchanged.append(decision)
    } else {
      result.add(try write(decision, batch: batch, undoes: nil), batch: batch)
    }
  }

  /// The ledger, or its lines about one image and the pairs it is in, by sequence.
  public func decisions(image: Int64? = nil) throws -> [DecisionRecord] {
    guard let image else {
      return try database.rows(
        DecisionRecord.query + " ORDER BY sequence", read: DecisionRecord.init(row:))
    }
    return try database.rows(
      DecisionRecord.query + " WHERE image = ?1 OR other = ?1 ORDER BY sequence", image,
      read: DecisionRecord.init(row:))
  }

  /// The decision by which each quarantined image is quarantined, by image.
  public func quarantined() throws -> [DecisionRecord] {
    try standing().images.values.filter { $0.decision.action == .quarantine }
      .sorted { $0.decision.image < $1.decision.image }
  }

  /// What the ledger says.
  /// - Parameter sequence: as it stood after this line; nil for now.
  public func standing(after sequence: Int64? = nil) throws -> LedgerStanding {
    var images: [Int64: Standing] = [:]
    var pairs: [ImagePair: Standing] = [:]
    try database.forEachRow(
      DecisionRecord.query + " WHERE sequence <= ? ORDER BY sequence", sequence ?? .max
    ) { row in
      let line = try DecisionRecord(row: row)
      if let pair = line.decision.pair {
        pairs[pair, default: Standing([])].add(line)
      } else {
        images[line.decision.image, default: Standing([])].add(line)
      }
    }
    return LedgerStanding(
      images: images.compactMapValues { $0.inForce?.line },
      pairs: pairs.compactMapValues { $0.inForce?.line })
  }

  func standing(of image: Int64) throws -> Standing {
    Standing(
      try database.rows(
        DecisionRecord.query + """
           WHERE image = ? AND action IN ('quarantine', 'restore', 'protect', 'purge')
          ORDER BY sequence
          """, image, read: DecisionRecord.init(row:)))
  }

  func standing(of pair: ImagePair) throws -> Standing {
    Standing(
      try database.rows(
        DecisionRecord.query + """
           WHERE ((image = ?1 AND other = ?2) OR (image = ?2 AND other = ?1))
            AND action IN ('same', 'different', 'unsure', 'open')
          ORDER BY sequence
          """, pair.low, pair.high, read: DecisionRecord.init(row:)))
  }

  /// The standing of what a decision is about.
  func standing(around decision: NewDecision) throws -> Standing {
    if let pair = decision.pair { return try standing(of: pair) }
    return try standing(of: decision.image)
  }

  func nextBatch() throws -> Int64 {
    try database.first("SELECT coalesce(max(batch), 0) + 1 FROM decision") { $0.integer(0) } ?? 1
  }

  /// Writes a line and chains it to the one before, inside an open transaction.
  func write(_ decision: NewDecision, batch: Int64, undoes: Int64?) throws -> Int64 {
    try database.run(
      """
      INSERT INTO decision
        (sequence, batch, image, other, action, author, rule, reason, evidence, step, undoes,
          decided_at)
      VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM decision), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?)
      """, batch, decision.image, decision.other, decision.action.rawValue, decision.author,
      decision.rule, decision.reason, decision.evidence, decision.step, undoes, clock())
    let sequence = database.lastInsertedRow
    try LedgerChain(database: database).link(sequence)
    return sequence
  }
}

extension Standing {
  /// The person's decision that forbids this one, or nil.
  fileprivate func refusal(of decision: NewDecision) -> DecisionRecord? {
    guard let line = inForce?.line, !decision.isByPerson, line.decision.isByPerson,
      line.decision.action.putsAside != decision.action.putsAside
    else { return nil }
    return line
  }

  fileprivate func makesNeedless(_ decision: NewDecision) -> Bool {
    let standing = inForce?.line.decision
    if decision.action == .protect {
      return standing?.action == .protect && standing?.author == decision.author
    }
    guard (standing?.action.putsAside ?? false) == decision.action.putsAside else { return false }
    if decision.isByPerson { return standing?.author == decision.author }
    return decision.action == .restore || standing?.isByPerson == true
      || isQuarantined(by: decision.author, rule: decision.rule)
  }
}

extension AppendResult {
  mutating func add(_ sequence: Int64, batch: Int64) {
    sequences.append(sequence)
    self.batch = batch
  }
}

extension NewDecision {
  /// The pair a line is about; nil for one about an image, even where it rests on a pair.
  var pair: ImagePair? {
    guard action.isAboutPair, let other else { return nil }
    return ImagePair(image, other)
  }
}

extension CatalogError {
  static func purged(_ image: Int64) -> CatalogError {
    CatalogError(
      .notInForce, "image \(image) was purged: nothing more can be decided about it",
      hint: "see what happened to it: d2r-curate blame \(image)")
  }
}

extension DecisionRecord {
  static let columns = """
    sequence, batch, image, other, action, author, rule, reason, evidence, step, undoes, decided_at
    """
  static let query = "SELECT \(columns) FROM decision"

  init(row: borrowing Statement) throws {
    self.init(
      sequence: row.integer(0), batch: row.integer(1),
      decision: NewDecision(
        image: row.integer(2), other: row.optionalInteger(3), action: try row.word(4),
        author: row.text(5), rule: row.text(6), reason: row.text(7), evidence: row.text(8),
        step: row.optionalText(9)),
      undoes: row.optionalInteger(10), decidedAt: row.text(11))
  }
}
