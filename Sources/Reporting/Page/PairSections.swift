import Domain

/// The tables of duplicates and leaks.
enum PairSections {
  static func duplicates(_ rows: [DuplicateRow]) -> Markup {
    let body =
      rows.isEmpty ? PageParts.empty("No duplicates were found.") : duplicateTable(rows).markup
    return PageParts.section(
      "duplicates", "Duplicates",
      rows.isEmpty
        ? "" : "One of each pair stays. Removed images are in quarantine and can be restored.",
      [body])
  }

  static func leaks(_ rows: [LeakRow]) -> Markup {
    let body = rows.isEmpty ? PageParts.empty("No leaks were found.") : leakTable(rows).markup
    return PageParts.section(
      "leaks", "Leaks",
      rows.isEmpty ? "" : "Images too similar to someone they must not resemble.", [body])
  }

  private static func duplicateTable(_ rows: [DuplicateRow]) -> HTMLTable {
    let spaces = SummaryTables.spaceNames(rows.map(\.similarities))
    return HTMLTable(
      caption: caption(rows),
      columns: [.init(title: "tier"), .init(title: "kept"), .init(title: "removed")]
        + spaces.map { .init(title: "\($0) similarity", isNumber: true) }
        + [.init(title: "kept by"), .init(title: "decision")],
      rows: rows.map { row in
        [.text(tier(row)), cell(row.kept), cell(row.removed)]
          + similarities(row.similarities, in: spaces)
          + [
            .text(row.keptBy ?? ""),
            .markup(PageParts.decision(row.decision), sortKey: row.decision.rawValue),
          ]
      },
      stacks: true)
  }

  /// How many pairs, groups, and pairs of each tier.
  private static func caption(_ rows: [DuplicateRow]) -> String {
    let tiers = Dictionary(grouping: rows, by: \.tier).sorted { $0.key < $1.key }
      .map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
    let groups = Set(rows.map { "\($0.kept.population) \($0.kept.path)" }).count
    return Numeral.counted(rows.count, "pair", "pairs") + " in "
      + Numeral.counted(groups, "group", "groups") + ": " + tiers
  }

  private static func tier(_ row: DuplicateRow) -> String {
    let bits = row.hashDistance.map { ", \(Numeral.counted($0, "bit", "bits"))" } ?? ""
    return row.tier + (row.mirrored ? ", mirrored" : "") + bits
  }

  private static func leakTable(_ rows: [LeakRow]) -> HTMLTable {
    let spaces = SummaryTables.spaceNames(rows.map(\.similarities))
    return HTMLTable(
      caption: Numeral.counted(rows.count, "leak", "leaks"),
      columns: [.init(title: "tier"), .init(title: "image"), .init(title: "resembles")]
        + spaces.map { .init(title: "\($0) similarity", isNumber: true) }
        + [.init(title: "threshold", isNumber: true), .init(title: "decision")],
      rows: rows.map { row in
        [.text(tier(row)), cell(row.image), cell(row.resembles)]
          + similarities(row.similarities, in: spaces)
          + [
            threshold(row),
            .markup(PageParts.decision(row.decision), sortKey: row.decision.rawValue),
          ]
      },
      stacks: true)
  }

  private static func tier(_ row: LeakRow) -> String {
    let prototype = row.prototype.map { " \($0)" } ?? ""
    return row.tier + prototype + (row.orientation == "mirrored" ? ", mirrored" : "")
  }

  private static func threshold(_ row: LeakRow) -> HTMLTable.Cell {
    guard let threshold = row.threshold else { return .number(nil, decimals: 3) }
    let value = Double(threshold.value)
    let rate: Markup =
      row.falseMatchRate.map { "<br><span class=\"hide\">FMR \(Numeral.rate($0))</span>" } ?? .empty
    return .markup(
      "<span>≥ \(Numeral.fixed(value, 3))\(rate)</span>", sortKey: Numeral.machine(value, 9))
  }

  private static func cell(_ image: ImageReference) -> HTMLTable.Cell {
    .markup(PageParts.image(image), sortKey: image.path)
  }

  private static func similarities(
    _ similarities: [SpaceSimilarity], in spaces: [String]
  ) -> [HTMLTable.Cell] {
    spaces.map { space in
      let match = similarities.first { $0.space == space }
      return .number(match.map { Double($0.similarity.value) }, decimals: 3)
    }
  }
}
