internal import SQLite

extension Catalog {
  /// Turns a source of pictures into a sealed gallery, whole or not at all.
  ///
  /// Every name of the source (its root, paths, identities) becomes what `renaming` makes of it;
  /// what is known of the picture files is forgotten; its vectors are those of `rows` and no
  /// others. Audit results are forgotten too, since they name images. Afterwards the file is
  /// rewritten, so that nothing of the old names is left in its free pages.
  /// - Returns: the plain shards that nobody names any more.
  /// - Throws: where images of another source share a shard with it.
  public func seal(
    _ gallery: NewGallery, rows: SealedRows, access: NewAccess,
    renaming: @Sendable (String) -> String
  ) throws -> [String] {
    try database.run(script: "PRAGMA secure_delete = ON")
    let freed = try database.transaction {
      try database.requireSource(gallery.source)
      try database.requireFree(galleryName: gallery.name)
      let freed = try database.plainShards(of: gallery.source)
      try database.forgetNames(of: gallery.source, as: gallery.name, renaming: renaming)
      try database.replaceVectors(of: gallery.source, with: rows)
      let id = try database.insert(gallery, at: clock())
      try database.log(access, gallery: id, at: clock())
      return freed
    }
    try database.run(script: "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
    return freed
  }
}

extension Database {
  /// The shards a source's images lie in.
  fileprivate func plainShards(of source: Int64) throws -> [String] {
    let shards = try rows(
      """
      SELECT DISTINCT h.id, h.file FROM shard AS h JOIN embedding AS e ON e.shard = h.id
        JOIN image AS i ON i.id = e.image WHERE i.source = ? ORDER BY h.file
      """, source
    ) { (id: $0.integer(0), file: $0.text(1)) }
    for shard in shards {
      let other = try first(
        """
        SELECT s.population FROM embedding AS e JOIN image AS i ON i.id = e.image
          JOIN source AS s ON s.id = i.source WHERE e.shard = ? AND i.source <> ? LIMIT 1
        """, shard.id, source
      ) { $0.text(0) }
      if let other {
        throw CatalogError(
          .invalidBatch,
          "the same vectors are in the workspace as \(other) images too, in the clear",
          hint: "seal in a workspace in which these pictures were indexed once")
      }
    }
    return shards.map(\.file)
  }

  fileprivate func forgetNames(
    of source: Int64, as gallery: String, renaming: (String) -> String
  ) throws {
    for (id, path) in try names("SELECT id, path FROM image WHERE source = ?", source) {
      try run(
        """
        UPDATE image SET path = ?, digest = NULL, byte_count = NULL, width = NULL, height = NULL,
          format = NULL, crop = NULL, landmarks = NULL, face_count = NULL, sharpness = NULL
        WHERE id = ?
        """, renaming(path), id)
    }
    let files = try rows("SELECT path FROM outcome WHERE source = ?", source) { $0.text(0) }
    for path in files {
      try run(
        "UPDATE outcome SET path = ?, digest = NULL WHERE source = ? AND path = ?",
        renaming(path), source, path)
    }
    for (id, name) in try names("SELECT id, name FROM identity WHERE source = ?", source) {
      try run("UPDATE identity SET name = ? WHERE id = ?", renaming(name), id)
    }
    try run(
      "UPDATE source SET root = ?, layout = ? WHERE id = ?", "sealed:\(gallery)",
      Catalog.sealedLayout, source)
    try run("DELETE FROM finding")
    try run("DELETE FROM step WHERE name = 'audit' OR name LIKE 'audit-%'")
  }

  private func names(_ query: String, _ source: Int64) throws -> [(Int64, String)] {
    try rows(query, source) { ($0.integer(0), $0.text(1)) }
  }

  fileprivate func replaceVectors(of source: Int64, with sealed: SealedRows) throws {
    try run(
      "DELETE FROM embedding WHERE image IN (SELECT id FROM image WHERE source = ?)", source)
    try run("DELETE FROM shard WHERE NOT EXISTS (SELECT 1 FROM embedding WHERE shard = shard.id)")
    let space = try spaceID(of: sealed.shard.space)
    let shard = try insertShard(sealed.shard, space: space)
    for row in sealed.shard.rows {
      try run(
        "INSERT INTO embedding (image, space, shard, row) VALUES (?, ?, ?, ?)",
        sealed.images[row.item], space, shard, row.row)
    }
  }
}
