public import Domain
internal import SQLite

extension Catalog {
  /// The source of this population and root, made where there is none. A known one keeps the layout
  /// it has.
  public func source(
    population: Population, root: String, layout: String
  ) throws -> SourceRecord {
    try database.transaction {
      try database.run(
        "INSERT INTO source (population, root, layout) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        population.rawValue, root, layout)
      let found = try database.first(
        "SELECT id, population, root, layout FROM source WHERE population = ? AND root = ?",
        population.rawValue, root, read: SourceRecord.init(row:))
      guard let found else { throw CatalogError(.unknownRecord, "the source \(root) is gone") }
      return found
    }
  }

  /// Every source, by id.
  public func sources() throws -> [SourceRecord] {
    try database.rows(
      "SELECT id, population, root, layout FROM source ORDER BY id", read: SourceRecord.init(row:))
  }
}

extension SourceRecord {
  init(row: borrowing Statement) throws {
    self.init(
      id: row.integer(0), population: try row.word(1), root: row.text(2), layout: row.text(3))
  }
}
