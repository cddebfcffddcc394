/// Similarity distributions with their thresholds.
enum SimilaritySection {
  static func markup(_ histograms: [Histogram]) -> Markup {
    guard !histograms.isEmpty else {
      return PageParts.section(
        "similarities", "Similarities", "",
        [PageParts.empty("No similarities have been measured yet.")])
    }
    let figures = histograms.map {
      "<figure>\(SVGHistogram.drawing($0, standsAlone: false))</figure>" as Markup
    }
    let rows = histograms.flatMap { histogram in
      histogram.thresholds.map { row($0, of: histogram.title) }
    }
    let table = HTMLTable(
      caption: "Thresholds in force: a pair is acted on at or above the similarity",
      columns: [
        .init(title: "threshold"), .init(title: "figure"),
        .init(title: "similarity", isNumber: true),
        .init(title: "false-match rate", isNumber: true),
      ],
      rows: rows)
    return PageParts.section(
      "similarities", "Similarities",
      "Same-identity pairs against different-identity pairs. FMR is the share of different-identity "
        + "pairs at or above a threshold, measured on this dataset.",
      [
        "<div class=\"charts\">\(Markup.joined(figures))</div>",
        rows.isEmpty ? .empty : table.markup,
      ])
  }

  private static func row(_ mark: ThresholdMark, of title: String) -> [HTMLTable.Cell] {
    let rate = mark.falseMatchRate
    return [
      .name(mark.label), .name(title), .number(mark.value, decimals: 3),
      .markup(
        rate.map { "\(Numeral.rate($0))" } ?? "not measured",
        sortKey: rate.map { Numeral.machine($0, 9) } ?? ""),
    ]
  }
}
