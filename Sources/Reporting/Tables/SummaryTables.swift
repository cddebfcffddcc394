import Domain

/// The tables of the summary as values, so that CSV and JSON show the same columns.
enum SummaryTables {
  static func duplicates(_ rows: [DuplicateRow]) -> Table {
    let spaces = spaceNames(rows.map(\.similarities))
    let cells = rows.map { row -> [Table.Cell] in
      [.text(row.tier)] + image(row.kept) + image(row.removed)
        + similarities(row.similarities, in: spaces)
        + [
          .flag(row.mirrored), .optional(row.hashDistance.map(Double.init), decimals: 0),
          .optional(row.keptBy), .text(row.decision.rawValue),
        ]
    }
    return Table(
      columns: ["tier"] + imageColumns("kept") + imageColumns("removed")
        + spaces.map { "\($0)_similarity" } + ["mirrored", "hash_distance", "kept_by", "decision"],
      rows: cells)
  }

  static func leaks(_ rows: [LeakRow]) -> Table {
    let spaces = spaceNames(rows.map(\.similarities))
    let cells = rows.map { row -> [Table.Cell] in
      [.text(row.tier)] + image(row.image) + image(row.resembles)
        + similarities(row.similarities, in: spaces)
        + [
          .optional(row.threshold.map { Double($0.value) }, decimals: 6),
          .optional(row.falseMatchRate, decimals: 12), .optional(row.orientation),
          .optional(row.prototype), .text(row.decision.rawValue),
        ]
    }
    return Table(
      columns: ["tier"] + imageColumns("image") + imageColumns("resembles")
        + spaces.map { "\($0)_similarity" } + [
          "threshold", "false_match_rate", "orientation", "prototype", "decision",
        ],
      rows: cells)
  }

  static func quotas(_ rows: [QuotaRow]) -> Table {
    Table(
      columns: ["identity", "wanted", "had", "accepted", "attempts", "shortfall", "reason"],
      rows: rows.map { row in
        [
          .text(row.identity), .count(row.wanted), .count(row.had), .count(row.accepted),
          .count(row.attempts), .count(row.shortfall), .text(row.reason),
        ]
      })
  }

  static func findings(_ rows: [AuditFinding]) -> Table {
    Table(
      columns: ["severity", "rule", "subject", "message"],
      rows: rows.map {
        [.text($0.severity.rawValue), .text($0.rule), .text($0.subject), .text($0.message)]
      })
  }

  /// The spaces in which any row has a similarity, in the order they first appear.
  static func spaceNames(_ rows: [[SpaceSimilarity]]) -> [String] {
    var names: [String] = []
    for similarity in rows.joined() where !names.contains(similarity.space) {
      names.append(similarity.space)
    }
    return names
  }

  private static func imageColumns(_ side: String) -> [String] {
    ["path", "population", "identity"].map { "\(side)_\($0)" }
  }

  private static func image(_ image: ImageReference) -> [Table.Cell] {
    [.text(image.path), .text(image.population.rawValue), .optional(image.identity)]
  }

  private static func similarities(
    _ similarities: [SpaceSimilarity], in spaces: [String]
  ) -> [Table.Cell] {
    spaces.map { space in
      let match = similarities.first { $0.space == space }
      return .optional(match.map { Double($0.similarity.value) }, decimals: 6)
    }
  }
}
