internal import SQLite

extension Catalog {
  /// The layout of a sealed gallery's source.
  public static let sealedLayout = "sealed"

  /// Every sealed gallery, purged ones too, by id.
  public func galleries() throws -> [GalleryRecord] {
    try database.rows(
      """
      SELECT id, source, name, key_id, digest, vectors, state, sealed_at FROM gallery ORDER BY id
      """
    ) { row in
      GalleryRecord(
        id: row.integer(0), source: row.integer(1), name: row.text(2), keyID: row.text(3),
        digest: row.text(4), vectors: row.int(5), state: try row.word(6), sealedAt: row.text(7))
    }
  }

  /// The access log, or the lines about one gallery, oldest first.
  public func accesses(gallery: String? = nil) throws -> [AccessRecord] {
    try database.rows(
      """
      SELECT g.name, a.action, a.verb, a.author, a.vectors, a.comparisons, a.accessed_at
      FROM gallery_access AS a JOIN gallery AS g ON g.id = a.gallery
      WHERE ?1 IS NULL OR g.name = ?1 ORDER BY a.sequence
      """, gallery
    ) { row in
      AccessRecord(
        gallery: row.text(0), action: try row.word(1), verb: row.text(2), author: row.text(3),
        vectors: row.int(4), comparisons: row.int(5), accessedAt: row.text(6))
    }
  }

  /// Logs an access to every gallery whose vectors lie in one of the shards.
  public func log(_ access: NewAccess, shards: [String]) throws {
    try database.transaction {
      var galleries: Set<Int64> = []
      for file in shards {
        galleries.formUnion(
          try database.rows(
            """
            SELECT DISTINCT g.id FROM gallery AS g JOIN image AS i ON i.source = g.source
              JOIN embedding AS e ON e.image = i.id JOIN shard AS h ON h.id = e.shard
            WHERE h.file = ?
            """, file
          ) { $0.integer(0) })
      }
      for gallery in galleries.sorted() { try database.log(access, gallery: gallery, at: clock()) }
    }
  }

  /// Logs an access to one gallery.
  public func log(_ access: NewAccess, gallery: Int64) throws {
    try database.transaction { try database.log(access, gallery: gallery, at: clock()) }
  }

  /// The files of the shards that hold a gallery's vectors, by name, with their SHA-256 in hex.
  public func shards(ofGallery id: Int64) throws -> [ShardRecord] {
    try database.rows(
      ShardRecord.query + """
         WHERE EXISTS (SELECT 1 FROM embedding AS e JOIN image AS i ON i.id = e.image
          JOIN gallery AS g ON g.source = i.source WHERE e.shard = h.id AND g.id = ?)
        ORDER BY h.file
        """, id, read: ShardRecord.init(row:))
  }

  /// Records a gallery that came sealed: its source must be new, and the batch holds its images.
  public func add(
    _ gallery: NewGallery, with batch: IndexBatch, access: NewAccess
  ) throws {
    try BatchCheck(batch: batch).run()
    try database.transaction {
      try database.requireFree(galleryName: gallery.name)
      var writer = IndexWriter(database: database, batch: batch, now: clock())
      _ = try writer.write()
      let id = try database.insert(gallery, at: clock())
      try database.log(access, gallery: id, at: clock())
    }
  }

  /// Takes a gallery's vectors out of the catalog. Its images stay, as opaque names that are no
  /// longer current, because pairs and decisions may be about them.
  public func purge(gallery id: Int64, access: NewAccess) throws {
    try database.transaction {
      try database.log(access, gallery: id, at: clock())
      let source = "(SELECT source FROM gallery WHERE id = ?)"
      try database.run(
        "DELETE FROM embedding WHERE image IN (SELECT id FROM image WHERE source = \(source))", id)
      try database.run(
        "DELETE FROM shard WHERE NOT EXISTS (SELECT 1 FROM embedding WHERE shard = shard.id)")
      try database.run("UPDATE outcome SET outcome = 'missing' WHERE source = \(source)", id)
      try database.run("UPDATE gallery SET state = 'purged' WHERE id = ?", id)
    }
  }
}

extension Database {
  func log(_ access: NewAccess, gallery: Int64, at time: String) throws {
    try run(
      """
      INSERT INTO gallery_access
        (gallery, action, verb, author, vectors, comparisons, accessed_at)
      SELECT id, ?, ?, ?, vectors, ?, ? FROM gallery
      WHERE id = ?
      """, access.action.rawValue, access.verb, access.author, access.comparisons, time, gallery)
  }

  func requireFree(galleryName name: String) throws {
    let taken = try first("SELECT 1 FROM gallery WHERE name = ?", name) { _ in true }
    guard taken == nil else {
      throw CatalogError(
        .exists, "a gallery is named \(name) already", hint: "choose another with --name NAME")
    }
  }

  func insert(_ gallery: NewGallery, at time: String) throws -> Int64 {
    try run(
      """
      INSERT INTO gallery (source, name, key_id, digest, vectors, state, sealed_at)
      VALUES (?, ?, ?, ?, ?, 'sealed', ?)
      """, gallery.source, gallery.name, gallery.keyID, gallery.digest, gallery.vectors,
      time)
    return lastInsertedRow
  }
}
