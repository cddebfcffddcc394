extension SVGHistogram {
  struct LegendEntry: Sendable {
    var x: Double
    var label: String
    var series: HistogramSeries
  }

  /// Legend entries broken into rows that fit the figure.
  static func legendRows(_ series: [HistogramSeries]) -> [[LegendEntry]] {
    var rows: [[LegendEntry]] = []
    var x = 16.0
    for one in series {
      let name = SVGText.clipped(one.name, to: 40)
      let label = "\(name)  n = \(Numeral.grouped(one.total))"
      let width = SVGText.width(label, size: 11) + 34
      if rows.isEmpty || x + width > 452 {
        rows.append([])
        x = 16
      }
      rows[rows.count - 1].append(LegendEntry(x: x, label: label, series: one))
      x += width
    }
    return rows
  }

  static func legend(_ rows: [[LegendEntry]]) -> [Markup] {
    rows.enumerated().flatMap { row, entries in
      entries.flatMap { entry -> [Markup] in
        let y = 44 + 16 * Double(row)
        let style = entry.series.role.styleClass
        return [
          """
          <rect class="\(style) area" x="\(at: entry.x)" y="\(at: y - 9)" width="14" height="10"/>
          """,
          """
          <path class="\(style) line" d="M\(at: entry.x) \(at: y - 9)h14"/>
          """,
          SVGText.text(entry.label, x: entry.x + 20, y: y, style: "small num"),
        ]
      }
    }
  }
}
