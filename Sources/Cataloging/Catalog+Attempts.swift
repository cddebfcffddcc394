internal import Domain
internal import SQLite

extension Catalog {
  /// Records what the generator was asked for, with the images of the accepted candidates, as one
  /// change.
  ///
  /// An attempt of the same request, identity and number is put in the place of the one before.
  /// - Parameters:
  ///   - batch: holds one item per accepted attempt; nil where none was accepted.
  ///   - seconds: the time it took, added to the request's own.
  /// - Throws: `CatalogError` as `commit(_:)` does, and for an accepted attempt without its item.
  public func commit(
    _ attempts: [NewAttempt], request: String, with batch: IndexBatch? = nil, seconds: Double = 0
  ) throws -> IndexResult {
    if let batch { try BatchCheck(batch: batch).run() }
    return try database.transaction {
      var result = IndexResult()
      if let batch {
        var writer = IndexWriter(database: database, batch: batch, now: clock())
        result = try writer.write()
      }
      for attempt in attempts {
        try write(attempt, request: request, images: result.images)
      }
      if seconds > 0 {
        try database.run(
          "UPDATE fill_request SET seconds_at = seconds_at + ? WHERE key = ?", seconds, request)
      }
      return result
    }
  }

  /// The attempts of a request, by identity, then by number.
  public func attempts(request: String) throws -> [AttemptRecord] {
    try database.rows(
      """
      SELECT request, identity, number, seed, interpolation, outcome, reason, own_similarity,
        other_similarity, leak_similarity, duplicate_similarity, image
      FROM attempt WHERE request = ? ORDER BY identity, number
      """, request, read: AttemptRecord.init(row:))
  }

  /// Puts a fill request on record; nothing where it is.
  /// - Parameter conditions: equal for requests whose candidates are made and judged alike.
  public func begin(request: String, conditions: String) throws {
    try database.run(
      """
      INSERT INTO fill_request (key, conditions, seconds_at) VALUES (?, ?, 0)
      ON CONFLICT (key) DO NOTHING
      """, request, conditions)
  }

  /// The time a fill request has taken so far, by its clock; 0 for one that is not on record.
  public func seconds(request: String) throws -> Double {
    try database.rows("SELECT seconds_at FROM fill_request WHERE key = ?", request) { $0.real(0) }
      .first ?? 0
  }

  /// The highest attempt number of each identity, over all requests.
  public func lastAttempts() throws -> [Int64: Int] {
    Dictionary(
      uniqueKeysWithValues: try database.rows(
        "SELECT identity, max(number) FROM attempt GROUP BY identity"
      ) { ($0.integer(0), $0.int(1)) })
  }

  /// Attempts of each identity, and how many of them were accepted, by identity.
  /// - Parameters:
  ///   - conditions: of requests under these alone; nil counts all.
  ///   - request: is left out.
  ///   - test: attempts refused by this test are left out; nil leaves none out.
  public func acceptance(
    conditions: String? = nil, outside request: String = "", but test: String? = nil
  ) throws -> [AcceptanceCount] {
    try database.rows(
      """
      SELECT a.identity, count(*), sum(a.outcome = 'accepted')
      FROM attempt AS a LEFT JOIN fill_request AS r ON r.key = a.request
      WHERE a.request <> ?1 AND (?2 IS NULL OR r.conditions = ?2)
        AND (?3 IS NULL OR substr(a.reason, 1, length(?3) + 1) <> ?3 || ':')
      GROUP BY a.identity ORDER BY a.identity
      """, request, conditions, test
    ) { AcceptanceCount(identity: $0.integer(0), attempts: $0.int(1), accepted: $0.int(2)) }
  }

  private func write(_ attempt: NewAttempt, request: String, images: [Int64]) throws {
    try database.requireIdentity(attempt.identity)
    let (outcome, reason, image) = try attempt.verdict.columns(images: images)
    let measured = attempt.similarities
    try database.run(
      """
      INSERT INTO attempt (request, identity, number, seed, interpolation, outcome, reason,
        own_similarity, other_similarity, leak_similarity, duplicate_similarity, image)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (request, identity, number) DO UPDATE SET
        seed = excluded.seed, interpolation = excluded.interpolation, outcome = excluded.outcome,
        reason = excluded.reason, own_similarity = excluded.own_similarity,
        other_similarity = excluded.other_similarity, leak_similarity = excluded.leak_similarity,
        duplicate_similarity = excluded.duplicate_similarity, image = excluded.image
      """, request, attempt.identity, attempt.number, String(attempt.seed),
      attempt.interpolation, outcome.rawValue, reason, measured.own?.value,
      measured.other?.value, measured.leak?.value, measured.duplicate?.value, image)
  }
}

extension NewAttempt.Verdict {
  fileprivate func columns(
    images: [Int64]
  ) throws -> (AttemptRecord.Outcome, reason: String, image: Int64?) {
    switch self {
    case .rejected(let reason): return (.rejected, reason, nil)
    case .accepted(let item):
      guard images.indices.contains(item) else {
        throw CatalogError(
          .invalidBatch, "an accepted attempt names item \(item) of \(images.count)")
      }
      return (.accepted, "", images[item])
    }
  }
}

extension AttemptRecord {
  init(row: borrowing Statement) throws {
    guard let seed = UInt64(row.text(3)) else {
      throw CatalogError(.invalidBatch, "an attempt has the seed '\(row.text(3))'")
    }
    self.init(
      request: row.text(0), identity: row.integer(1), number: row.int(2), seed: seed,
      interpolation: row.real(4), outcome: try row.word(5), reason: row.text(6),
      similarities: AttemptSimilarities(
        own: row.optionalSimilarity(7), other: row.optionalSimilarity(8),
        leak: row.optionalSimilarity(9), duplicate: row.optionalSimilarity(10)),
      image: row.optionalInteger(11))
  }
}
