/// Planted against found, for demonstrations.
enum PlantedSection {
  static func markup(_ rows: [PlantedRow]) -> Markup {
    let table = HTMLTable(
      caption: "What was planted on purpose, and what the tool found on its own",
      columns: [
        .init(title: "planted"), .init(title: "number", isNumber: true),
        .init(title: "found", isNumber: true), .init(title: "share found", sorts: false),
        .init(title: "missed", isNumber: true), .init(title: "not planted", isNumber: true),
        .init(title: "remark", sorts: false),
      ],
      rows: rows.map { row in
        [
          .name(row.name), .count(row.planted), .count(row.found), .markup(meter(row)),
          .count(max(0, row.planted - row.found)), .count(row.extra), .text(row.note),
        ]
      })
    let body = rows.isEmpty ? PageParts.empty("Nothing was planted.") : table.markup
    return PageParts.section("planted", "Planted and found", "", [body])
  }

  private static func meter(_ row: PlantedRow) -> Markup {
    guard row.planted > 0 else { return .empty }
    let share = max(0, min(1, Double(row.found) / Double(row.planted)))
    let percent = Numeral.machine(100 * share, 1)
    return """
      <span class="meter" role="img" aria-label="\(Numeral.percent(share)) found">\
      <i\(share < 1 ? " class=\"short\"" : "") style="width:\(percent)%"></i></span>
      """
  }
}
