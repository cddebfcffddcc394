internal import Domain
internal import SQLite

extension Catalog {
  /// Everything wrong with the catalog itself, the gravest kinds first; empty when it is sound. The
  /// files it points at are not opened.
  public func check() throws -> [CatalogProblem] {
    try database.snapshot {
      let damage = try database.integrityCheck().map {
        CatalogProblem(kind: .damagedFile, subject: path, message: $0)
      }
      let broken = try database.foreignKeyCheck().map {
        CatalogProblem(kind: .brokenReference, subject: path, message: $0)
      }
      let cut = try LedgerChain(database: database).firstBreak().map {
        [CatalogProblem(kind: .brokenChain, subject: "ledger", message: $0)]
      }
      return try damage + (cut ?? []) + broken
        + CatalogRule.all.flatMap { try problems(by: $0) }
    }
  }

  private func problems(by rule: CatalogRule) throws -> [CatalogProblem] {
    try database.rows(rule.query) { row in
      CatalogProblem(kind: rule.kind, subject: row.text(0), message: row.text(1))
    }
  }
}

/// A question to the catalog whose every row (subject, message) is a problem.
private struct CatalogRule {
  let kind: CatalogProblem.Kind
  let query: String

  static let all = [
    CatalogRule(
      kind: .unguardedLedger,
      query: """
        SELECT 'ledger', 'the trigger ' || column1 || ' is missing, so lines can be changed'
        FROM (VALUES ('decision_is_not_changed'), ('decision_is_not_deleted'),
          ('decision_is_not_replaced'), ('link_is_not_changed'), ('link_is_not_deleted'),
          ('link_is_not_replaced'))
        WHERE column1 NOT IN (SELECT name FROM sqlite_schema WHERE type = 'trigger')
        ORDER BY column1
        """),
    CatalogRule(
      kind: .rowBeyondShard,
      query: """
        SELECT h.file, 'image ' || e.image || ' has row ' || e.row || ' of ' || h.row_count
        FROM embedding AS e JOIN shard AS h ON h.id = e.shard
        WHERE e.row >= h.row_count ORDER BY h.file, e.row
        """),
    CatalogRule(
      kind: .spaceMismatch,
      query: """
        SELECT h.file, 'image ' || e.image || ' is filed under another space than the shard'
        FROM embedding AS e JOIN shard AS h ON h.id = e.shard
        WHERE e.space <> h.space ORDER BY h.file, e.row
        """),
    CatalogRule(
      kind: .outcomeMismatch,
      query: """
        SELECT o.path, 'the file is indexed as another image than the catalog has for it'
        FROM outcome AS o LEFT JOIN image AS i ON i.id = o.image
        WHERE o.outcome = 'indexed' AND (i.id IS NULL OR i.source <> o.source
          OR i.path <> o.path OR i.digest IS NOT o.digest OR i.replaced_by IS NOT NULL)
        UNION ALL
        SELECT i.path, 'image ' || i.id || ' has no outcome' FROM image AS i
        WHERE NOT EXISTS (SELECT 1 FROM outcome WHERE source = i.source AND path = i.path)
        ORDER BY 1, 2
        """),
    CatalogRule(
      kind: .missingEmbedding,
      query: """
        SELECT i.path, 'image ' || i.id || ' has no embedding in the space ' || used.name
        FROM (SELECT DISTINCT x.source, p.name FROM embedding AS e JOIN image AS x ON x.id = e.image
          JOIN space AS p ON p.id = e.space WHERE p.name <> '\(Space.mirroredIdentity)') AS used
        JOIN image AS i ON i.source = used.source
        WHERE \(ImageFilter.isCurrent) AND NOT EXISTS (
          SELECT 1 FROM embedding AS e JOIN space AS p ON p.id = e.space
          WHERE e.image = i.id AND p.name = used.name)
        ORDER BY i.id, used.name
        """),
    CatalogRule(
      kind: .unusedShard,
      query: """
        SELECT h.file, 'no embedding lies in the shard' FROM shard AS h
        WHERE NOT EXISTS (SELECT 1 FROM embedding WHERE shard = h.id) ORDER BY h.file
        """),
  ]
}
