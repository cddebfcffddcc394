import Domain

/// Populations, index outcomes and spaces.
enum IndexMarkup {
  static func markup(_ report: SummaryReport) -> Markup {
    let lede =
      report.populations.isEmpty
      ? "" : "Every image belongs to one population; every file met has an outcome."
    return PageParts.section(
      "index", "Populations and index", lede,
      [populations(report.populations), rejected(report.rejected), spaces(report.spaces)])
  }

  private static func populations(_ rows: [PopulationRow]) -> Markup {
    guard !rows.isEmpty else { return PageParts.empty("Nothing is indexed yet.") }
    return HTMLTable(
      caption: "Images in force by population",
      columns: [
        .init(title: "population"), .init(title: "images", isNumber: true),
        .init(title: "identities", isNumber: true), .init(title: "rejected files", isNumber: true),
        .init(title: "quarantined", isNumber: true), .init(title: "remark", sorts: false),
      ],
      rows: rows.map { row in
        [
          .markup(PageParts.population(row.population)), .count(row.images),
          .count(row.identities), .count(row.rejected), .count(row.quarantined), .text(row.note),
        ]
      }
    ).markup
  }

  private static func rejected(_ rows: [RejectedFile]) -> Markup {
    guard !rows.isEmpty else { return .empty }
    let table = HTMLTable(
      caption: "Files that were met and not indexed",
      columns: [
        .init(title: "file"), .init(title: "population"), .init(title: "reason"),
      ],
      rows: rows.map { row in
        [
          .markup("<span class=\"path\">\(name: row.path)</span>", sortKey: row.path),
          .markup(PageParts.population(row.population)), .text(row.reason),
        ]
      })
    return """
      <details><summary>\(Numeral.counted(rows.count, "file", "files")) rejected, with reasons\
      </summary>
      \(table.markup)
      </details>
      """
  }

  private static func spaces(_ rows: [SpaceRow]) -> Markup {
    guard !rows.isEmpty else { return .empty }
    let table = HTMLTable(
      caption: "Embedding spaces and the encoders behind them",
      columns: [
        .init(title: "space"), .init(title: "encoder"), .init(title: "width", isNumber: true),
        .init(title: "vectors", isNumber: true), .init(title: "encoder digest", sorts: false),
      ],
      rows: rows.map { row in
        [
          .name(row.space.name), .name(row.encoder), .count(row.space.width),
          .count(row.vectors), .markup(PageParts.digest(row.space.encoderDigest)),
        ]
      })
    return "<h3>Spaces</h3>\n\(table.markup)"
  }
}
