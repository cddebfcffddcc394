internal import Domain
internal import SQLite

// A step and its results are one transaction. Running the same step again puts the new results in
// the place of the old ones.

extension Catalog {
  /// Records a step that found a Δ.
  @discardableResult
  public func commit(_ offset: OffsetRecord, of step: NewStep) throws -> StepRecord {
    guard offset.vector.count == offset.space.width else {
      throw CatalogError(
        .invalidBatch,
        "an offset of \(offset.vector.count) values does not fit the space"
          + " \(offset.space.name) of \(offset.space.width)")
    }
    return try commit(step, replacing: "offset") { database in
      try database.run(
        """
        INSERT INTO offset (step, space, from_population, to_population, vector, statistics)
        VALUES (?, ?, ?, ?, ?, ?)
        """, step.key, try database.spaceID(of: offset.space), offset.from.rawValue,
        offset.to.rawValue, FloatBlob.bytes(offset.vector), offset.statistics)
    }
  }

  /// Records a step that calibrated cosines.
  @discardableResult
  public func commit(
    _ calibrations: [CalibrationRecord], of step: NewStep
  ) throws -> StepRecord {
    try commit(step, replacing: "calibration") { database in
      for calibration in calibrations {
        try database.run(
          """
          INSERT INTO calibration
            (step, space, false_match_rate, similarity, low, high, comparisons, cohort, method,
              design_effect, identities)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """, step.key, try database.spaceID(of: calibration.space),
          calibration.falseMatchRate, calibration.similarity.value, calibration.low.value,
          calibration.high.value, calibration.comparisons, calibration.cohort,
          calibration.method.rawValue, calibration.designEffect, calibration.identities)
      }
    }
  }

  /// Records a step that found pairs. Their order is kept.
  @discardableResult
  public func commit(_ pairs: [PairRecord], of step: NewStep) throws -> StepRecord {
    try commit(step, replacing: "pair") { database in
      for (number, pair) in pairs.enumerated() {
        try database.insert(pair, number: number + 1, of: step.key)
      }
    }
  }

  /// Records a step that filled quotas; one record per identity.
  @discardableResult
  public func commit(_ quotas: [QuotaRecord], of step: NewStep) throws -> StepRecord {
    try commit(step, replacing: "quota") { database in
      for quota in quotas {
        try database.requireIdentity(quota.identity)
        try database.run(
          """
          INSERT INTO quota (step, identity, wanted, had, accepted, attempts, shortfall, reason)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """, step.key, quota.identity, quota.wanted, quota.had, quota.accepted,
          quota.attempts, quota.shortfall, quota.reason)
      }
    }
  }

  /// Records an audit. The findings' order is kept.
  @discardableResult
  public func commit(_ findings: [FindingRecord], of step: NewStep) throws -> StepRecord {
    try commit(step, replacing: "finding") { database in
      for (number, finding) in findings.enumerated() {
        try database.run(
          """
          INSERT INTO finding (step, number, rule, severity, subject, message)
          VALUES (?, ?, ?, ?, ?, ?)
          """, step.key, number + 1, finding.rule, finding.severity.rawValue, finding.subject,
          finding.message)
      }
    }
  }

  func commit(
    _ step: NewStep, replacing table: String, insert: (Database) throws -> Void
  ) throws -> StepRecord {
    try database.transaction {
      let recorded = try record(inTransaction: step)
      try database.run("DELETE FROM \(table) WHERE step = ?", step.key)
      try insert(database)
      return recorded
    }
  }
}

extension Database {
  /// One row of `pair`, inside an open transaction.
  func insert(_ pair: PairRecord, number: Int, of step: String) throws {
    try requireImage(pair.kept)
    try requireImage(pair.removed)
    try run(
      """
      INSERT INTO pair (step, number, kind, kept, removed, tier, identity_similarity,
        image_similarity, mirrored, verdict, hash_distance, keeper)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, step, number, pair.kind.rawValue, pair.kept, pair.removed, pair.tier,
      pair.identitySimilarity?.value, pair.imageSimilarity?.value, pair.isMirrored, pair.verdict,
      pair.hashDistance, pair.keeper)
  }
}
