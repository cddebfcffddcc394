internal import Domain
internal import SQLite

extension Catalog {
  /// Records a leak search: its pairs, and how each matched. Their order is kept.
  @discardableResult
  public func commit(_ leaks: [LeakRecord], of step: NewStep) throws -> StepRecord {
    try commit(step, replacing: "pair") { database in
      try database.run("DELETE FROM leak_match WHERE step = ?", step.key)
      for (place, leak) in leaks.enumerated() {
        try database.insert(leak.pair, number: place + 1, of: step.key)
        try database.run(
          """
          INSERT INTO leak_match
            (step, number, as_is, mirrored, orientation, prototype, prototypes, members)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """, step.key, place + 1, leak.asIs?.value, leak.mirrored?.value, leak.orientation,
          leak.prototype?.number, leak.prototype?.of, leak.prototype?.members)
      }
    }
  }

  /// What a leak search found, in its order. Pairs on record without a match have one as they are.
  public func leaks(step key: String) throws -> [LeakRecord] {
    let pairs = try pairs(step: key)
    let matches = try database.rows(
      """
      SELECT m.as_is, m.mirrored, coalesce(m.orientation, 'as-is'), m.prototype, m.prototypes,
        m.members, m.number IS NULL
      FROM pair AS p LEFT JOIN leak_match AS m ON m.step = p.step AND m.number = p.number
      WHERE p.step = ? ORDER BY p.number
      """, key
    ) { row in
      (
        asIs: row.optionalSimilarity(0), mirrored: row.optionalSimilarity(1),
        orientation: row.text(2),
        prototype: row.optionalInt(3).map { number in
          LeakRecord.PrototypeReference(number: number, of: row.int(4), members: row.int(5))
        }, isBare: row.int(6) != 0
      )
    }
    return zip(pairs, matches).map { pair, match in
      LeakRecord(
        pair: pair, asIs: match.isBare ? pair.identitySimilarity : match.asIs,
        mirrored: match.mirrored, orientation: match.orientation, prototype: match.prototype)
    }
  }
}
