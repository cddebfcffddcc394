internal import Domain
internal import SQLite

/// Writes one checked batch inside an open transaction.
struct IndexWriter {
  let database: Database
  let batch: IndexBatch
  var result = IndexResult()
  private var identities: [String: Int64] = [:]
  private var checkedIdentities: Set<Int64> = []
  private var nextImage: Int64 = 1

  init(database: Database, batch: IndexBatch) {
    self.database = database
    self.batch = batch
  }

  mutating func write() throws -> IndexResult {
    try database.requireSource(batch.source)
    // Images are never deleted, so the next key is one past the largest.
    nextImage =
      try database.first("SELECT coalesce(max(id), 0) + 1 FROM image") { $0.integer(0) } ?? 1
    for item in batch.items { result.images.append(try image(of: item)) }
    for file in batch.rejected { try reject(file) }
    for shard in batch.shards { try add(shard) }
    for latent in batch.latents { try add(latent) }
    return result
  }

  private mutating func image(of item: IndexedImage) throws -> Int64 {
    let digest = try optionalDigestBytes(item.facts.digest, of: item.path)
    let known = try database.first(
      "SELECT id, digest FROM image WHERE source = ? AND path = ? AND replaced_by IS NULL",
      batch.source, item.path
    ) { (id: $0.integer(0), digest: $0.optionalBlob(1)) }
    let image: Int64
    if let known, known.digest == digest {
      image = known.id
      result.unchanged += 1
    } else {
      image = nextImage
      nextImage += 1
      if let known {
        try database.run("UPDATE image SET replaced_by = ? WHERE id = ?", image, known.id)
        result.replaced += 1
      }
      try insert(item, as: image, digest: digest)
      result.added += 1
    }
    try outcome(of: item.path, .indexed, "", digest: digest, image: image)
    return image
  }

  private mutating func insert(_ item: IndexedImage, as id: Int64, digest: [UInt8]?) throws {
    let facts = item.facts
    try database.run(
      """
      INSERT INTO image (id, source, identity, path, digest, byte_count, width, height, format,
        crop, landmarks, face_count, sharpness)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, id, batch.source, try identity(of: item), item.path, digest, facts.byteCount,
      facts.width, facts.height, facts.format, facts.crop?.rawValue,
      facts.landmarks.map(FloatBlob.bytes), facts.faceCount, facts.sharpness)
  }

  private mutating func identity(of item: IndexedImage) throws -> Int64? {
    switch item.identity {
    case .none: return nil
    case .named(let name): return try identity(named: name)
    case .existing(let id):
      if checkedIdentities.insert(id).inserted { try database.requireIdentity(id) }
      return id
    }
  }

  private mutating func identity(named name: String) throws -> Int64 {
    if let id = identities[name] { return id }
    let id = try database.identity(source: batch.source, name: name)
    identities[name] = id
    return id
  }

  private func reject(_ file: RejectedFile) throws {
    let digest = try optionalDigestBytes(file.digest, of: file.path)
    try outcome(of: file.path, .rejected, file.reason, digest: digest, image: nil)
  }

  private func outcome(
    of path: String, _ outcome: OutcomeRecord.Outcome, _ reason: String, digest: [UInt8]?,
    image: Int64?
  ) throws {
    try database.run(
      """
      INSERT INTO outcome (source, path, outcome, reason, digest, image) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
        digest = excluded.digest, image = excluded.image
      """, batch.source, path, outcome.rawValue, reason, digest, image)
  }

  private mutating func add(_ shard: IndexShard) throws {
    let space = try database.spaceID(of: shard.space)
    let known = try database.knownShard(shard, space: space)
    let images = result.images
    let needed = try shard.rows.filter { row in
      try database.first(
        "SELECT 1 FROM embedding WHERE image = ? AND space = ?", images[row.item], space
      ) { _ in true } == nil
    }
    guard !needed.isEmpty else { return }
    let id: Int64
    if let known {
      id = known
    } else {
      id = try database.insertShard(shard, space: space)
      result.shards += 1
    }
    for row in needed {
      try database.run(
        "INSERT INTO embedding (image, space, shard, row) VALUES (?, ?, ?, ?)", images[row.item],
        space, id, row.row)
    }
  }

  private mutating func add(_ latent: GivenLatent) throws {
    try database.put(
      LatentRecord(
        identity: try identity(named: latent.identityName),
        generatorDigest: latent.generatorDigest, vector: latent.vector, origin: .given))
  }
}

extension Database {
  /// The key of a shard the catalog has under this file name; it must be the same shard.
  fileprivate func knownShard(_ shard: IndexShard, space: Int64) throws -> Int64? {
    let digest = try digestBytes(shard.digest, of: shard.file)
    let known = try first(
      "SELECT id, space, row_count, digest FROM shard WHERE file = ?", shard.file
    ) { (id: $0.integer(0), space: $0.integer(1), rows: $0.int(2), digest: $0.blob(3)) }
    guard let known else { return nil }
    guard known.space == space, known.rows == shard.rowCount, known.digest == digest else {
      throw CatalogError(
        .invalidBatch, "the catalog has another shard under the name \(shard.file)",
        hint: "publish the new rows under a new file name")
    }
    return known.id
  }

  func insertShard(_ shard: IndexShard, space: Int64) throws -> Int64 {
    try run(
      "INSERT INTO shard (space, file, row_count, digest) VALUES (?, ?, ?, ?)", space, shard.file,
      shard.rowCount, try digestBytes(shard.digest, of: shard.file))
    return lastInsertedRow
  }
}
