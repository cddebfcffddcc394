public import Domain
internal import SQLite

/// Which images a page of a list holds.
public struct ImagePage: Equatable, Sendable {
  /// Only ids above.
  public var after: Int64 = 0
  public var limit: Int
  public var population: Population?
  public var identity: Int64?
  public var isQuarantined: Bool?

  public init(limit: Int) { self.limit = limit }
}

/// One identity with its counts.
public struct IdentitySummary: Equatable, Sendable {
  public var id: Int64
  public var name: String
  public var population: Population
  /// Current images, those put aside among them.
  public var images: Int
  public var quarantined: Int
}

/// How many candidates of a fill one reason stopped.
public struct RejectionCount: Equatable, Sendable {
  /// The words before the first colon of the reasons.
  public var reason: String
  public var count: Int
}

/// Lists in parts, and what tells whether anything changed. Reading is bounded by the page.
extension Catalog {
  /// Changes with every commit, by this connection or another. Says nothing about what changed.
  public func version() throws -> String {
    let elsewhere = try database.first("PRAGMA data_version") { $0.integer(0) } ?? 0
    let here = try database.first("SELECT total_changes()") { $0.integer(0) } ?? 0
    return "\(elsewhere).\(here)"
  }

  /// Changes when images with vectors come or go; decisions do not change it.
  public func indexedContents() throws -> String {
    let rows = try database.rows(
      """
      SELECT max(id), count(*) FROM image UNION ALL SELECT max(id), sum(row_count) FROM shard
      UNION ALL SELECT count(*), 0 FROM outcome WHERE outcome = 'indexed'
      """
    ) { "\($0.integer(0))/\($0.integer(1))" }
    return rows.joined(separator: " ")
  }

  /// Current images by id.
  public func images(_ page: ImagePage) throws -> [ImageRecord] {
    var terms = ["i.id > \(page.after)", ImageFilter.isCurrent]
    if let population = page.population {
      terms.append("s.population IN (\(quoted([population])))")
    }
    if let identity = page.identity { terms.append("i.identity = \(identity)") }
    if let aside = page.isQuarantined {
      terms.append((aside ? "" : "NOT ") + ImageFilter.isQuarantined)
    }
    return try database.rows(
      ImageRecord.query + " WHERE \(terms.joined(separator: " AND ")) ORDER BY i.id LIMIT ?",
      page.limit, read: ImageRecord.init(row:))
  }

  /// Identities by id, those whose name contains `name` where it is given.
  public func identities(
    after: Int64, limit: Int, population: Population? = nil, name: String? = nil
  ) throws -> [IdentitySummary] {
    let populations = quoted(population.map { [$0] } ?? Set(Population.allCases))
    return try database.rows(
      IdentitySummary.query + """
         WHERE n.id > ? AND s.population IN (\(populations)) AND instr(n.name, ?) > 0
        ORDER BY n.id LIMIT ?
        """, after, name ?? "", limit, read: IdentitySummary.init(row:))
  }

  /// - Throws: `CatalogError` with code `unknownRecord`.
  public func identitySummary(_ id: Int64) throws -> IdentitySummary {
    let found = try database.first(
      IdentitySummary.query + " WHERE n.id = ?", id, read: IdentitySummary.init(row:))
    guard let found else { throw CatalogError(.unknownRecord, "the catalog has no identity \(id)") }
    return found
  }

  /// The ledger's lines, the newest first.
  /// - Parameter before: only lines before this one.
  public func decisions(
    before: Int64?, limit: Int, image: Int64? = nil, author: String? = nil
  ) throws -> [DecisionRecord] {
    var terms = ["sequence < \(before ?? .max)"]
    if let image { terms.append("(image = \(image) OR other = \(image))") }
    if author != nil { terms.append("author = ?") }
    let query =
      DecisionRecord.query
      + " WHERE \(terms.joined(separator: " AND ")) ORDER BY sequence DESC LIMIT \(limit)"
    guard let author else { return try database.rows(query, read: DecisionRecord.init(row:)) }
    return try database.rows(query, author, read: DecisionRecord.init(row:))
  }

  /// Which of these lines of the ledger a later one took back and is itself in force.
  public func undone(among sequences: [Int64]) throws -> Set<Int64> {
    guard let first = sequences.min() else { return [] }
    let wanted = Set(sequences)
    var undone = Set<Int64>()
    // A line that takes back a taking back brings the old one to life again.
    for (line, target) in try database.rows(
      """
      SELECT sequence, undoes FROM decision WHERE undoes >= ? OR undoes IN
        (SELECT sequence FROM decision WHERE undoes >= ?) ORDER BY sequence DESC
      """, first, first, read: { ($0.integer(0), $0.integer(1)) })
    where !undone.contains(line) {
      undone.insert(target)
    }
    return undone.intersection(wanted)
  }

  /// What stopped the candidates of a fill, the most frequent first.
  public func rejections(request: String, identity: Int64? = nil) throws -> [RejectionCount] {
    try database.rows(
      """
      SELECT CASE instr(reason, ':') WHEN 0 THEN reason ELSE substr(reason, 1, instr(reason, ':') - 1)
        END AS gate, count(*) AS stopped
      FROM attempt WHERE request = ?1 AND outcome = 'rejected' AND (?2 = 0 OR identity = ?2)
      GROUP BY gate ORDER BY stopped DESC, gate
      """, request, identity ?? 0
    ) { RejectionCount(reason: $0.text(0), count: $0.int(1)) }
  }
}

extension IdentitySummary {
  static let query = """
    SELECT n.id, n.name, s.population,
      (SELECT count(*) FROM image AS i WHERE i.identity = n.id AND \(ImageFilter.isCurrent)),
      (SELECT count(*) FROM image AS i WHERE i.identity = n.id AND \(ImageFilter.isCurrent)
        AND \(ImageFilter.isQuarantined))
    FROM identity AS n JOIN source AS s ON s.id = n.source
    """

  init(row: borrowing Statement) throws {
    self.init(
      id: row.integer(0), name: row.text(1), population: try row.word(2), images: row.int(3),
      quarantined: row.int(4))
  }
}
