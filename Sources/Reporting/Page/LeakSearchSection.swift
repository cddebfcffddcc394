import Domain

/// How the leak search compared.
enum LeakSearchSection {
  static func markup(_ search: LeakSearch) -> Markup {
    PageParts.section(
      "leak-search", "How leaks were searched",
      "Every comparison has thresholds of its own, at the same false-match rate (FMR).",
      [rates(search.rates), "<dl class=\"facts\">\(Markup.joined(facts(search)))</dl>"])
  }

  private static func rates(_ rates: [LeakSearch.Rate]) -> Markup {
    HTMLTable(
      caption: "Comparisons",
      columns: [
        .init(title: "against"), .init(title: "comparisons", isNumber: true),
        .init(title: "reject from", isNumber: true), .init(title: "review from", isNumber: true),
        .init(title: "by chance", isNumber: true), .init(title: "leaking images", isNumber: true),
        .init(title: "only here", isNumber: true),
      ],
      rows: rates.map { rate in
        [
          .text(rate.name), .count(rate.comparisons),
          threshold(rate.reject?.value, rate.rejectRate),
          threshold(rate.quarantine?.value, rate.quarantineRate),
          .number(rate.expectedByChance, decimals: 1), .count(rate.leaks), .count(rate.onlyHere),
        ]
      }
    ).markup
  }

  private static func threshold(_ value: Float?, _ rate: Double?) -> HTMLTable.Cell {
    guard let value else { return .markup("not compared", sortKey: "") }
    let text: Markup =
      rate.map { "<br><span class=\"hide\">FMR \(Numeral.rate($0))</span>" } ?? .empty
    return .markup(
      "<span>≥ \(Numeral.fixed(Double(value), 3))\(text)</span>",
      sortKey: Numeral.machine(Double(value), 9))
  }

  private static func facts(_ search: LeakSearch) -> [Markup] {
    var facts = [
      PageParts.fact(
        "compared mirrored", share(search.mirrored),
        why: search.mirrored.found == 0
          ? "these images have no mirrored vectors"
          : "\(Numeral.grouped(search.onlyMirrored)) images leak only mirrored")
    ]
    if let means = search.classMeans {
      facts.append(
        PageParts.fact(
          "class means would have found", share(means),
          why: "one mean per identity on both sides hides single images that leak"))
    }
    return facts
  }

  private static func share(_ share: LeakSearch.Share) -> String {
    "\(Numeral.grouped(share.found)) of \(Numeral.grouped(share.of))"
  }
}
