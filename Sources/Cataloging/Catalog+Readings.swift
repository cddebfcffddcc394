public import Domain
internal import SQLite

// Results as their steps left them.

extension Catalog {
  /// The Δ a step found, or nil.
  public func offset(step key: String) throws -> OffsetRecord? {
    try database.first(OffsetRecord.query + " WHERE f.step = ?", key, read: OffsetRecord.init(row:))
  }

  /// The Δ in force in a space: of the latest step that found one there, or nil.
  public func latestOffset(in space: Space) throws -> OffsetRecord? {
    try database.first(
      OffsetRecord.query + """
         JOIN step AS t ON t.key = f.step WHERE p.name = ? AND p.encoder_digest = ?
        ORDER BY t.ordinal DESC, t.key LIMIT 1
        """, space.name, space.encoderDigest, read: OffsetRecord.init(row:))
  }

  /// The cosines a step calibrated, by false-match rate.
  public func calibrations(step key: String) throws -> [CalibrationRecord] {
    try database.rows(
      CalibrationRecord.query + " WHERE c.step = ? ORDER BY c.space, c.false_match_rate", key,
      read: CalibrationRecord.init(row:))
  }

  /// Digests of the encoders whose cosines were calibrated in the space of this name, sorted.
  public func calibratedEncoders(ofSpaceNamed name: String) throws -> [String] {
    try database.rows(
      """
      SELECT DISTINCT p.encoder_digest FROM calibration AS c JOIN space AS p ON p.id = c.space
      WHERE p.name = ? ORDER BY p.encoder_digest
      """, name
    ) { $0.text(0) }
  }

  /// The cosines in force in a space, by cohort, then by false-match rate: those of the latest step
  /// of each name that calibrated there; empty where none did.
  public func calibrations(in space: Space) throws -> [CalibrationRecord] {
    try database.rows(
      CalibrationRecord.query + """
         WHERE p.name = ?1 AND p.encoder_digest = ?2 AND EXISTS (
          SELECT 1 FROM step AS t WHERE t.key = c.step
            AND t.ordinal = (SELECT max(ordinal) FROM step WHERE name = t.name))
        ORDER BY c.cohort, c.false_match_rate
        """, space.name, space.encoderDigest, read: CalibrationRecord.init(row:))
  }

  /// The pairs a step found, in its order.
  public func pairs(step key: String) throws -> [PairRecord] {
    try database.rows(
      """
      SELECT kind, kept, removed, tier, identity_similarity, image_similarity, mirrored, verdict,
        hash_distance, keeper
      FROM pair WHERE step = ? ORDER BY number
      """, key
    ) { row in
      var pair = PairRecord(
        kind: try row.word(0), kept: row.integer(1), removed: row.integer(2), tier: row.text(3),
        identitySimilarity: row.optionalSimilarity(4),
        imageSimilarity: row.optionalSimilarity(5), isMirrored: row.integer(6) != 0,
        verdict: row.text(7))
      pair.hashDistance = row.optionalInt(8)
      pair.keeper = row.optionalText(9)
      return pair
    }
  }

  /// How a step filled quotas, by identity.
  public func quotas(step key: String) throws -> [QuotaRecord] {
    try database.rows(
      """
      SELECT identity, wanted, had, accepted, attempts, shortfall, reason
      FROM quota WHERE step = ? ORDER BY identity
      """, key
    ) { row in
      QuotaRecord(
        identity: row.integer(0), wanted: row.int(1), had: row.int(2), accepted: row.int(3),
        attempts: row.int(4), shortfall: row.int(5), reason: row.text(6))
    }
  }

  /// What an audit found, in its order.
  public func findings(step key: String) throws -> [FindingRecord] {
    try database.rows(
      "SELECT rule, severity, subject, message FROM finding WHERE step = ? ORDER BY number", key
    ) { row in
      FindingRecord(
        rule: row.text(0), severity: try row.word(1), subject: row.text(2), message: row.text(3))
    }
  }
}

extension OffsetRecord {
  fileprivate static let query = """
    SELECT p.name, p.width, p.encoder_digest, f.from_population, f.to_population, f.vector,
      f.statistics
    FROM offset AS f JOIN space AS p ON p.id = f.space
    """

  fileprivate init(row: borrowing Statement) throws {
    self.init(
      space: Space(name: row.text(0), width: row.int(1), encoderDigest: row.text(2)),
      from: try row.word(3), to: try row.word(4), vector: FloatBlob.values(row.blob(5)),
      statistics: row.text(6))
  }
}

extension CalibrationRecord {
  fileprivate static let query = """
    SELECT p.name, p.width, p.encoder_digest, c.false_match_rate, c.similarity, c.low, c.high,
      c.comparisons, c.cohort, c.method, c.design_effect, c.identities
    FROM calibration AS c JOIN space AS p ON p.id = c.space
    """

  fileprivate init(row: borrowing Statement) throws {
    let low = row.similarity(5)
    self.init(
      space: Space(name: row.text(0), width: row.int(1), encoderDigest: row.text(2)),
      falseMatchRate: row.real(3), similarity: row.similarity(4),
      interval: low...max(low, row.similarity(6)), comparisons: row.int(7), cohort: row.text(8))
    method = try row.word(9)
    designEffect = row.real(10)
    identities = row.int(11)
  }
}
