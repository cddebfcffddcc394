/// Quotas by identity and the contact sheet of what was generated.
enum QuotaSection {
  static func markup(_ report: SummaryReport) -> Markup {
    let rows = report.quotas
    let body =
      rows.isEmpty
      ? [PageParts.empty("No quotas were set.")] : [swatches, table(shortfallFirst(rows)).markup]
    return PageParts.section(
      "quotas", "Quotas", rows.isEmpty ? "" : lede(rows), body + [sheet(report.generated)])
  }

  static func lede(_ rows: [QuotaRow]) -> String {
    let full = rows.count { $0.shortfall == 0 }
    let missing = rows.reduce(0) { $0 + $1.shortfall }
    let start =
      "\(Numeral.grouped(full)) of \(Numeral.counted(rows.count, "identity", "identities"))"
    return missing == 0
      ? "\(start) reached their quota."
      : "\(start) reached their quota; "
        + "\(Numeral.counted(missing, "image is", "images are")) missing."
  }

  static let swatches: Markup = """
    <ul class="swatches"><li><i style="background:var(--digital)"></i>had</li>\
    <li><i style="background:var(--generated)"></i>accepted</li>\
    <li><i style="background:var(--shortfall)"></i>missing</li></ul>
    """

  /// What is missing comes before what is complete, otherwise in the order given.
  static func shortfallFirst(_ rows: [QuotaRow]) -> [QuotaRow] {
    rows.enumerated().sorted {
      ($1.element.shortfall, $0.offset) < ($0.element.shortfall, $1.offset)
    }.map(\.element)
  }

  static func table(_ rows: [QuotaRow]) -> HTMLTable {
    let longest = rows.map { max($0.wanted, $0.had + $0.accepted + $0.shortfall) }.max() ?? 1
    return HTMLTable(
      caption: "Images wanted, had, accepted and missing by identity",
      columns: [
        .init(title: "identity"), .init(title: "had, accepted, missing", sorts: false),
        .init(title: "wanted", isNumber: true), .init(title: "had", isNumber: true),
        .init(title: "accepted", isNumber: true), .init(title: "attempts", isNumber: true),
        .init(title: "missing", isNumber: true), .init(title: "reason"),
      ],
      rows: rows.map { row in
        [
          .name(row.identity), .markup(bar(row, longest: longest)), .count(row.wanted),
          .count(row.had), .count(row.accepted), .count(row.attempts), .count(row.shortfall),
          .text(row.reason),
        ]
      },
      stacks: true)
  }

  private static func bar(_ row: QuotaRow, longest: Int) -> Markup {
    var x = 0
    var parts: [Markup] = []
    for (count, style) in [(row.had, "had"), (row.accepted, "accepted"), (row.shortfall, "short")]
    where count > 0 {
      parts.append("<rect class=\"\(style)\" x=\"\(x)\" width=\"\(count)\" height=\"1\"/>")
      x += count
    }
    return """
      <svg class="bar" viewBox="0 0 \(max(1, longest)) 1" preserveAspectRatio="none" \
      aria-hidden="true">\(Markup.joined(parts, by: ""))</svg>
      """
  }

  private static func sheet(_ tiles: [PictureTile]) -> Markup {
    guard !tiles.isEmpty else { return .empty }
    let items = tiles.map { tile -> Markup in
      let remark = PageParts.remark(tile).map { ", \($0)" } ?? ""
      return """
        <li><figure>\(PageParts.picture(tile))<figcaption aria-hidden="true">\
        \(name: tile.alt + remark)\
        </figcaption></figure></li>
        """
    }
    return """
      <h3>Contact sheet of generated pictures</h3>
      <ul class="sheet">
      \(Markup.joined(items))
      </ul>
      """
  }
}
