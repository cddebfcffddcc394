public import Domain
internal import SQLite

extension Catalog {
  /// Every space vectors or results were recorded in, in the order of first use.
  public func spaces() throws -> [Space] {
    try database.rows(
      "SELECT name, width, encoder_digest FROM space ORDER BY id",
      read: { Space(name: $0.text(0), width: $0.int(1), encoderDigest: $0.text(2)) })
  }

  /// Every shard, by id.
  public func shards() throws -> [ShardRecord] {
    try database.rows(ShardRecord.query + " ORDER BY h.id", read: ShardRecord.init(row:))
  }

  /// Where the embeddings of some images lie, in the space of this name.
  ///
  /// Empty (with the space) where no image of the filter has one.
  /// - Parameter encoder: the encoder's digest; needed where the name stands for several encoders.
  /// - Throws: `CatalogError` with code `ambiguousSpace`, or `unknownRecord` for a name without
  ///   vectors.
  public func embeddings(
    in name: String, encoder: String? = nil, of filter: ImageFilter = ImageFilter()
  ) throws -> EmbeddingTable {
    try database.snapshot {
      let (id, space) = try database.space(named: name, encoder: encoder)
      let shards = try database.rows(
        ShardRecord.query + " WHERE h.space = ? ORDER BY h.id", id, read: ShardRecord.init(row:))
      let places = Dictionary(
        uniqueKeysWithValues: shards.enumerated().map { ($1.id, $0) })
      let choice = try ImageChoice(filter, in: database)
      var locations: [EmbeddingLocation] = []
      try database.forEachRow(
        """
        SELECT e.image, i.source, i.identity, e.shard, e.row
        FROM embedding AS e JOIN image AS i ON i.id = e.image
        WHERE e.space = ? ORDER BY e.image
        """, id
      ) { row in
        let image = row.integer(0)
        guard let population = choice.population(of: image, source: row.integer(1)) else { return }
        locations.append(
          EmbeddingLocation(
            image: image, identity: row.optionalInteger(2), population: population,
            shard: places[row.integer(3)] ?? 0, row: row.int(4)))
      }
      return EmbeddingTable(space: space, shards: shards, locations: locations)
    }
  }
}

extension ShardRecord {
  static let query = """
    SELECT h.id, p.name, p.width, p.encoder_digest, h.file, h.row_count, h.digest
    FROM shard AS h JOIN space AS p ON p.id = h.space
    """

  init(row: borrowing Statement) {
    self.init(
      id: row.integer(0),
      space: Space(name: row.text(1), width: row.int(2), encoderDigest: row.text(3)),
      file: row.text(4), rowCount: row.int(5), digest: row.hex(6))
  }
}

extension Database {
  /// Find or add, inside an open transaction.
  func spaceID(of space: Space) throws -> Int64 {
    let known = try first(
      "SELECT id, width FROM space WHERE name = ? AND encoder_digest = ?", space.name,
      space.encoderDigest
    ) { (id: $0.integer(0), width: $0.int(1)) }
    guard let known else {
      try run(
        "INSERT INTO space (name, width, encoder_digest) VALUES (?, ?, ?)", space.name,
        space.width, space.encoderDigest)
      return lastInsertedRow
    }
    guard known.width == space.width else {
      throw CatalogError(
        .invalidBatch,
        "the space \(space.name) has \(known.width) values per vector for this encoder, not"
          + " \(space.width)")
    }
    return known.id
  }

  func space(id: Int64) throws -> Space {
    let space = try first("SELECT name, width, encoder_digest FROM space WHERE id = ?", id) {
      Space(name: $0.text(0), width: $0.int(1), encoderDigest: $0.text(2))
    }
    guard let space else { throw CatalogError(.unknownRecord, "the catalog has no space \(id)") }
    return space
  }

  /// The one space of this name that holds vectors.
  fileprivate func space(named name: String, encoder: String?) throws -> (Int64, Space) {
    let found = try rows(
      """
      SELECT id, name, width, encoder_digest FROM space
      WHERE name = ?1 AND (?2 IS NULL OR encoder_digest = ?2)
        AND EXISTS (SELECT 1 FROM shard WHERE space = space.id) ORDER BY id
      """, name, encoder
    ) { row in
      (row.integer(0), Space(name: row.text(1), width: row.int(2), encoderDigest: row.text(3)))
    }
    guard found.count < 2 else {
      throw CatalogError(
        .ambiguousSpace, "the space \"\(name)\" holds vectors of \(found.count) encoders",
        hint: "name the encoder whose vectors are meant, or index again in a new workspace")
    }
    guard let only = found.first else {
      throw CatalogError(
        .unknownRecord, "the space \"\(name)\" holds no vectors",
        hint: "run 'd2r-curate index' or 'd2r-curate embeddings import' first")
    }
    return only
  }
}
