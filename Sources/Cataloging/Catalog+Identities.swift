internal import Domain
internal import SQLite

extension Catalog {
  /// The identities of one source, or all of them, by id.
  public func identities(source: Int64? = nil) throws -> [IdentityRecord] {
    try database.rows(
      "SELECT id, source, name FROM identity WHERE ?1 IS NULL OR source = ?1 ORDER BY id",
      source
    ) { IdentityRecord(id: $0.integer(0), source: $0.integer(1), name: $0.text(2)) }
  }

  /// The identity of this name in a source, made where there is none.
  public func identity(source: Int64, name: String) throws -> IdentityRecord {
    let id = try database.transaction {
      try database.requireSource(source)
      return try database.identity(source: source, name: name)
    }
    return IdentityRecord(id: id, source: source, name: name)
  }

  /// Latent vectors for one generator, by identity.
  public func latents(generatorDigest: String) throws -> [LatentRecord] {
    try database.rows(
      """
      SELECT identity, generator_digest, vector, origin, similarity FROM latent
      WHERE generator_digest = ? ORDER BY identity
      """, generatorDigest
    ) { row in
      LatentRecord(
        identity: row.integer(0), generatorDigest: row.text(1),
        vector: FloatBlob.values(row.blob(2)), origin: try row.word(3),
        similarity: row.optionalSimilarity(4))
    }
  }

  /// Writes latent vectors, in place of any that the same identities have for the same generator.
  public func put(latents: [LatentRecord]) throws {
    try database.transaction {
      for latent in latents {
        try database.requireIdentity(latent.identity)
        try database.put(latent)
      }
    }
  }
}

extension Database {
  /// Find or add, inside an open transaction.
  func identity(source: Int64, name: String) throws -> Int64 {
    let known = try first(
      "SELECT id FROM identity WHERE source = ? AND name = ?", source, name
    ) { $0.integer(0) }
    if let known { return known }
    try run("INSERT INTO identity (source, name) VALUES (?, ?)", source, name)
    return lastInsertedRow
  }

  func put(_ latent: LatentRecord) throws {
    try run(
      """
      INSERT INTO latent (identity, generator_digest, vector, origin, similarity)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET vector = excluded.vector, origin = excluded.origin,
        similarity = excluded.similarity
      """, latent.identity, latent.generatorDigest, FloatBlob.bytes(latent.vector),
      latent.origin.rawValue, latent.similarity?.value)
  }

  func requireSource(_ id: Int64) throws {
    let found = try first("SELECT 1 FROM source WHERE id = ?", id) { _ in true }
    if found == nil { throw CatalogError(.unknownRecord, "the catalog has no source \(id)") }
  }

  func requireIdentity(_ id: Int64) throws {
    let found = try first("SELECT 1 FROM identity WHERE id = ?", id) { _ in true }
    if found == nil { throw CatalogError(.unknownRecord, "the catalog has no identity \(id)") }
  }

  func requireImage(_ id: Int64) throws {
    let found = try first("SELECT 1 FROM image WHERE id = ?", id) { _ in true }
    if found == nil { throw CatalogError(.unknownRecord, "the catalog has no image \(id)") }
  }
}
