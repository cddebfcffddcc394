internal import SQLite

extension Catalog {
  /// The images whose vectors lie in a shard, by row, then by image. Two images may share a row.
  public func rows(ofShard id: Int64) throws -> [ShardRow] {
    try database.rows(
      "SELECT image, row FROM embedding WHERE shard = ? ORDER BY row, image", id
    ) { ShardRow(image: $0.integer(0), row: $0.int(1)) }
  }

  /// Records that images are purged, as one batch: a line for each, their vectors and landmarks
  /// forgotten, their files known as missing, and the rewritten shards in the place of the old ones.
  ///
  /// The files themselves are the caller's: the new shards must be in place before, and pictures and
  /// old shards are deleted after this returns. What is freed in the catalog's file is overwritten
  /// with zeros.
  /// - Throws: `CatalogError` with code `notInForce` where an image is not in quarantine, or
  ///   `invalidBatch` where a shard has changed since; nothing is then recorded.
  public func purge(_ purge: Purge) throws -> AppendResult {
    try database.run(script: "PRAGMA secure_delete = ON")
    let result = try database.transaction {
      let batch = try nextBatch()
      var result = AppendResult()
      for decision in purge.decisions {
        result.add(try record(decision, batch: batch), batch: batch)
      }
      for rewrite in purge.rewrites { try apply(rewrite) }
      for decision in purge.decisions {
        try database.run("DELETE FROM embedding WHERE image = ?", decision.image)
      }
      return result
    }
    // The log still holds the pages as they were. What is recorded stays recorded where it cannot be
    // emptied now: the next writer does it.
    _ = try? database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    return result
  }

  private func record(_ decision: NewDecision, batch: Int64) throws -> Int64 {
    try database.requireImage(decision.image)
    guard decision.action == .purge, decision.isByPerson else {
      throw CatalogError(.invalidBatch, "only a person purges images")
    }
    guard try standing(of: decision.image).inForce?.line.decision.action == .quarantine else {
      throw CatalogError(
        .notInForce, "image \(decision.image) is not in quarantine",
        hint: "only what is put aside can be purged: d2r-curate quarantine list")
    }
    let sequence = try write(decision, batch: batch, undoes: nil)
    try database.run("UPDATE image SET landmarks = NULL WHERE id = ?", decision.image)
    try database.run(
      "UPDATE outcome SET outcome = 'missing', reason = 'purged' WHERE image = ?", decision.image)
    return sequence
  }

  private func apply(_ rewrite: Purge.Rewrite) throws {
    let old = rewrite.old
    guard let new = rewrite.new else {
      try database.run("DELETE FROM embedding WHERE shard = ?", old.id)
      try database.run("DELETE FROM shard WHERE id = ?", old.id)
      return
    }
    let shard = IndexShard(
      space: old.space, file: new.file, rowCount: new.rowCount, digest: new.digest, rows: [])
    let space = try database.spaceID(of: old.space)
    let id =
      try database.knownShard(shard, space: space)
      ?? database.insertShard(shard, space: space)
    for row in rewrite.rows {
      let moved = try database.run(
        "UPDATE embedding SET shard = ?, row = ? WHERE image = ? AND shard = ?", id, row.row,
        row.image, old.id)
      guard moved == 1 else { throw CatalogError.changedShard(old) }
    }
    let left = try rows(ofShard: old.id)
    let purged = try left.allSatisfy { try standing(of: $0.image).isPurged }
    guard purged else { throw CatalogError.changedShard(old) }
    try database.run("DELETE FROM embedding WHERE shard = ?", old.id)
    try database.run("DELETE FROM shard WHERE id = ?", old.id)
  }
}

extension CatalogError {
  fileprivate static func changedShard(_ shard: ShardRecord) -> CatalogError {
    CatalogError(
      .invalidBatch, "the vectors of the shard \(shard.file) have changed meanwhile",
      hint: "let the other command finish, then run this one again")
  }
}
