internal import Domain
internal import SQLite

extension Catalog {
  /// Records a search for collisions and what it proposes to put aside. Both orders are kept.
  @discardableResult
  public func commit(
    _ collisions: [CollisionRecord], removals: [CollisionRemoval], of step: NewStep
  ) throws -> StepRecord {
    try commit(step, replacing: "collision") { database in
      try database.run("DELETE FROM collision_removal WHERE step = ?", step.key)
      for (place, collision) in collisions.enumerated() {
        try database.requireIdentity(collision.a)
        try database.requireIdentity(collision.b)
        try database.run(
          """
          INSERT INTO collision (step, number, a, b, image_pairs, similarity, image_a, image_b,
            prototype_similarity, decided_by)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """, step.key, place + 1, collision.a, collision.b, collision.imagePairs,
          collision.nearest?.similarity.value, collision.nearest?.a, collision.nearest?.b,
          collision.prototypeSimilarity?.value, collision.decidedBy)
      }
      for (place, removal) in removals.enumerated() {
        try database.requireIdentity(removal.identity)
        try database.run(
          """
          INSERT INTO collision_removal (step, number, identity, degree, images)
          VALUES (?, ?, ?, ?, ?)
          """, step.key, place + 1, removal.identity, removal.degree, removal.images)
      }
    }
  }

  /// The collisions a step found, in its order.
  public func collisions(step key: String) throws -> [CollisionRecord] {
    try database.rows(
      """
      SELECT a, b, image_pairs, similarity, image_a, image_b, prototype_similarity, decided_by
      FROM collision WHERE step = ? ORDER BY number
      """, key
    ) { row in
      CollisionRecord(
        a: row.integer(0), b: row.integer(1), imagePairs: row.int(2),
        nearest: row.optionalSimilarity(3).map { similarity in
          CollisionRecord.NearestImages(
            a: row.integer(4), b: row.integer(5), similarity: similarity)
        }, prototypeSimilarity: row.optionalSimilarity(6), decidedBy: row.text(7))
    }
  }

  /// What a step proposed to put aside, in its order.
  public func collisionRemovals(step key: String) throws -> [CollisionRemoval] {
    try database.rows(
      "SELECT identity, degree, images FROM collision_removal WHERE step = ? ORDER BY number", key
    ) { row in
      CollisionRemoval(identity: row.integer(0), degree: row.int(1), images: row.int(2))
    }
  }
}
