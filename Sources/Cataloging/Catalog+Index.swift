internal import SQLite

extension Catalog {
  /// Takes in what an index run found, whole or not at all.
  ///
  /// For each item, by its path in the source: a new path makes an image; the same digest (or
  /// neither with one) leaves the image as it is, with the facts and the identity it has; another
  /// digest makes a new image and sets the old one aside as `replaced_by` it. Embeddings are added
  /// where the image has none in the shard's space. A shard none of whose rows is needed is not
  /// recorded. Committing the same batch again changes nothing.
  /// - Throws: `CatalogError` with code `invalidBatch` or `unknownRecord`; nothing is then written.
  public func commit(_ batch: IndexBatch) throws -> IndexResult {
    try BatchCheck(batch: batch).run()
    return try database.transaction {
      var writer = IndexWriter(database: database, batch: batch, now: clock())
      return try writer.write()
    }
  }

  /// The last outcome of every file met in a source, by path.
  public func knownFiles(source: Int64) throws -> [String: OutcomeRecord] {
    let known = try outcomes(source: source)
    return Dictionary(known.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The last outcome of every file met in a source, ordered by path.
  public func outcomes(source: Int64) throws -> [OutcomeRecord] {
    try database.rows(
      """
      SELECT path, outcome, reason, digest, image FROM outcome WHERE source = ? ORDER BY path
      """, source
    ) { row in
      OutcomeRecord(
        path: row.text(0), outcome: try row.word(1), reason: row.text(2),
        digest: row.optionalHex(3), image: row.optionalInteger(4))
    }
  }

  /// Records that files met before are no longer there. Their images stay and are not current; a
  /// file that comes back unchanged is the same image again. Unknown paths are passed over.
  /// - Returns: how many files were there until now.
  @discardableResult
  public func markMissing(source: Int64, paths: [String]) throws -> Int {
    try database.transaction {
      try paths.reduce(0) { count, path in
        count
          + (try database.run(
            """
            UPDATE outcome SET outcome = 'missing', reason = ''
            WHERE source = ? AND path = ? AND outcome <> 'missing'
            """, source, path))
      }
    }
  }
}
