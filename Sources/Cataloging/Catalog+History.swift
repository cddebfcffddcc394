public import Domain
internal import SQLite

/// A pair as a step recorded it.
public struct RecordedPair: Equatable, Sendable {
  /// Key of the step.
  public var step: String
  /// From 1, in the order the step found them.
  public var number: Int
  public var pair: PairRecord
}

/// Where one of an image's vectors lies.
public struct VectorPlace: Equatable, Sendable {
  public var space: Space
  /// Relative to the workspace's vectors folder.
  public var file: String
  public var row: Int
}

extension Catalog {
  /// When an image was first indexed, as ISO 8601; nil where that was not recorded yet.
  public func indexedAt(image: Int64) throws -> String? {
    try database.first("SELECT indexed_at FROM image WHERE id = ?", image) {
      $0.optionalText(0)
    } ?? nil
  }

  /// The image of the changed file, where the file of this one has changed since.
  public func successor(of image: Int64) throws -> Int64? {
    try database.first("SELECT replaced_by FROM image WHERE id = ?", image) {
      $0.optionalInteger(0)
    } ?? nil
  }

  /// Every pair an image was in, of every step, by the step's name and ordinal, then by number.
  public func pairs(about image: Int64) throws -> [RecordedPair] {
    try database.rows(
      """
      SELECT p.kind, p.kept, p.removed, p.tier, p.identity_similarity, p.image_similarity,
        p.mirrored, p.verdict, p.step, p.number
      FROM pair AS p JOIN step AS t ON t.key = p.step
      WHERE p.kept = ?1 OR p.removed = ?1 ORDER BY t.name, t.ordinal, p.number
      """, image
    ) { row in
      RecordedPair(
        step: row.text(8), number: row.int(9),
        pair: PairRecord(
          kind: try row.word(0), kept: row.integer(1), removed: row.integer(2), tier: row.text(3),
          identitySimilarity: row.optionalSimilarity(4),
          imageSimilarity: row.optionalSimilarity(5), isMirrored: row.integer(6) != 0,
          verdict: row.text(7)))
    }
  }

  /// Where the vectors of an image lie, by space.
  public func places(of image: Int64) throws -> [VectorPlace] {
    try database.rows(
      """
      SELECT p.name, p.width, p.encoder_digest, h.file, e.row
      FROM embedding AS e JOIN shard AS h ON h.id = e.shard JOIN space AS p ON p.id = e.space
      WHERE e.image = ? ORDER BY p.id
      """, image
    ) { row in
      VectorPlace(
        space: Space(name: row.text(0), width: row.int(1), encoderDigest: row.text(2)),
        file: row.text(3), row: row.int(4))
    }
  }

  /// The candidate a generated image was accepted as, or nil.
  public func attempt(image: Int64) throws -> AttemptRecord? {
    try database.first(
      """
      SELECT request, identity, number, seed, interpolation, outcome, reason, own_similarity,
        other_similarity, leak_similarity, duplicate_similarity, image
      FROM attempt WHERE image = ? ORDER BY id LIMIT 1
      """, image, read: AttemptRecord.init(row:))
  }
}
