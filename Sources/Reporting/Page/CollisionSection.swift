import Domain

/// Identities of the set that look like the same person.
enum CollisionSection {
  static func markup(_ report: CollisionReport) -> Markup {
    let warning: Markup =
      report.isMeasuredOnItself
      ? """
      <p class="muted">The threshold was measured on this set itself, so the number expected is no \
      yardstick.</p>
      """ : .empty
    let tables =
      report.pairs.isEmpty
      ? [PageParts.empty("No identities collide.")] : [pairs(report), removals(report)]
    return PageParts.section(
      "collisions", "Identity collisions",
      "Pairs of identities that look like one person, against the number that chance alone gives.",
      [budgets(report), warning] + tables)
  }

  private static func budgets(_ report: CollisionReport) -> Markup {
    HTMLTable(
      caption: Numeral.counted(report.identities, "identity", "identities") + " compared",
      columns: [
        .init(title: "counted"), .init(title: "found", isNumber: true),
        .init(title: "expected by chance", isNumber: true),
        .init(title: "95 % of chance", isNumber: true),
        .init(title: "comparisons", isNumber: true), .init(title: "similarity", isNumber: true),
        .init(title: "FMR", isNumber: true),
      ],
      rows: report.budgets.map { budget in
        [
          .text(budget.name), .count(budget.found), .number(budget.expected, decimals: 1),
          .text(
            budget.usual.map {
              "\(Numeral.grouped($0.lowerBound)) to \(Numeral.grouped($0.upperBound))"
            } ?? ""),
          .count(budget.comparisons),
          .number(budget.threshold.map { Double($0.value) }, decimals: 3),
          .text(budget.falseMatchRate.map { "\(Numeral.rate($0))" } ?? ""),
        ]
      }
    ).markup
  }

  private static func pairs(_ report: CollisionReport) -> Markup {
    HTMLTable(
      caption: Numeral.counted(report.pairs.count, "pair", "pairs") + " of identities",
      columns: [
        .init(title: "identity"), .init(title: "other"),
        .init(title: "image pairs", isNumber: true), .init(title: "images", isNumber: true),
        .init(title: "prototypes", isNumber: true), .init(title: "decided by"),
      ],
      rows: report.pairs.map { pair in
        [
          .name(pair.a), .name(pair.b), .count(pair.imagePairs),
          .number(pair.similarity.map { Double($0.value) }, decimals: 3),
          .number(pair.prototypeSimilarity.map { Double($0.value) }, decimals: 3),
          .text(pair.decidedBy),
        ]
      }
    ).markup
  }

  private static func removals(_ report: CollisionReport) -> Markup {
    HTMLTable(
      caption: "Identities to put aside, in this order",
      columns: [
        .init(title: "identity"), .init(title: "collides with", isNumber: true),
        .init(title: "images", isNumber: true), .init(title: "decision"),
      ],
      rows: report.removals.map { removal in
        [
          .name(removal.identity), .count(removal.degree), .count(removal.images),
          .markup(PageParts.decision(removal.decision), sortKey: removal.decision.rawValue),
        ]
      }
    ).markup
  }
}
