public import Domain
internal import SQLite

extension Catalog {
  /// Every stored pair graph, by key.
  public func pairGraphs() throws -> [PairGraphRecord] {
    try database.rows(
      PairGraphRecord.query + " ORDER BY g.key", read: PairGraphRecord.init(row:))
  }

  /// The graphs over these very vectors, as this engine found them, the fewest pairs first: by
  /// falling floor, then by key.
  public func pairGraphs(
    in space: Space, rowsDigest: String, engine: String
  ) throws -> [PairGraphRecord] {
    try database.rows(
      PairGraphRecord.query + """
         WHERE p.name = ? AND p.encoder_digest = ? AND g.rows_digest = ? AND g.engine = ?
        ORDER BY g.floor DESC, g.key
        """, space.name, space.encoderDigest, rowsDigest, engine,
      read: PairGraphRecord.init(row:))
  }

  /// Names a graph whose file is in place, in place of one with the same key.
  public func put(_ graph: PairGraphRecord) throws {
    try database.transaction {
      _ = try database.run(
        """
        INSERT OR REPLACE INTO pair_graph (key, space, rows_digest, engine, exact, recall,
          floor, row_count, pair_count, file, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, graph.key, try database.spaceID(of: graph.space), graph.rowsDigest, graph.engine,
        graph.isExact, graph.recall, graph.floor.value, graph.rowCount, graph.pairCount, graph.file,
        try digestBytes(graph.digest, of: graph.file))
    }
  }
}

extension PairGraphRecord {
  fileprivate static let query = """
    SELECT g.key, p.name, p.width, p.encoder_digest, g.rows_digest, g.engine, g.exact, g.floor,
      g.row_count, g.pair_count, g.file, g.digest, g.recall
    FROM pair_graph AS g JOIN space AS p ON p.id = g.space
    """

  fileprivate init(row: borrowing Statement) {
    self.init(
      key: row.text(0),
      space: Space(name: row.text(1), width: row.int(2), encoderDigest: row.text(3)),
      rowsDigest: row.text(4), engine: row.text(5))
    isExact = row.integer(6) != 0
    floor = row.similarity(7)
    rowCount = row.int(8)
    pairCount = row.int(9)
    file = row.text(10)
    digest = row.hex(11)
    recall = row.optionalReal(12)
  }
}
