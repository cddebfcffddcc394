internal import Domain
internal import SQLite

extension Catalog {
  /// How much the catalog holds.
  public func counts() throws -> CatalogCounts {
    try database.snapshot {
      CatalogCounts(
        images: try imageCounts(), embeddings: try embeddingCounts(),
        outcomes: try outcomeCounts())
    }
  }

  private func imageCounts() throws -> [CatalogCounts.Images] {
    try database.rows(
      """
      SELECT s.population, count(i.id), coalesce(sum(\(ImageFilter.isQuarantined)), 0),
        count(DISTINCT i.identity)
      FROM source AS s LEFT JOIN image AS i ON i.source = s.id AND \(ImageFilter.isCurrent)
      GROUP BY s.population
      """
    ) { row in
      CatalogCounts.Images(
        population: try row.word(0), images: row.int(1), quarantined: row.int(2),
        identities: row.int(3))
    }.sorted { $0.population < $1.population }
  }

  private func embeddingCounts() throws -> [CatalogCounts.Embeddings] {
    try database.rows(
      """
      SELECT p.name, p.width, p.encoder_digest,
        (SELECT count(*) FROM embedding AS e JOIN image AS i ON i.id = e.image
          WHERE e.space = p.id AND \(ImageFilter.isCurrent)),
        (SELECT count(*) FROM shard AS h WHERE h.space = p.id)
      FROM space AS p ORDER BY p.id
      """
    ) { row in
      CatalogCounts.Embeddings(
        space: Space(name: row.text(0), width: row.int(1), encoderDigest: row.text(2)),
        embeddings: row.int(3), shards: row.int(4))
    }
  }

  private func outcomeCounts() throws -> [CatalogCounts.Outcomes] {
    let counts = try database.rows(
      """
      SELECT s.population, o.outcome, o.reason, count(*)
      FROM outcome AS o JOIN source AS s ON s.id = o.source
      GROUP BY s.population, o.outcome, o.reason ORDER BY o.outcome, o.reason
      """
    ) { row in
      CatalogCounts.Outcomes(
        population: try row.word(0), outcome: try row.word(1), reason: row.text(2),
        files: row.int(3))
    }
    return Population.allCases.flatMap { population in
      counts.filter { $0.population == population }
    }
  }
}
