/// One calibration: distributions, trade-off, operating points, groups.
enum CalibrationSection {
  /// - Parameter calibrations: of any spaces and cohorts; without any, a sentence says so.
  static func markup(_ calibrations: [CalibrationReport]) -> Markup {
    PageParts.section(
      "calibration", "Thresholds as error rates",
      calibrations.isEmpty
        ? ""
        : "FMR: share of pairs of different people at or above a cosine. FNMR: share of pairs of one "
          + "person below it. FMR × comparisons hits are expected by chance alone.",
      calibrations.isEmpty
        ? [PageParts.empty("Nothing has been calibrated yet.")] : calibrations.map(one))
  }

  private static func one(_ report: CalibrationReport) -> Markup {
    var figures: [Markup] = []
    if let histogram = report.histogram {
      figures.append("<figure>\(SVGHistogram.drawing(histogram, standsAlone: false))</figure>")
    }
    figures.append("<figure>\(SVGTradeOff.drawing(report, standsAlone: false))</figure>")
    let heading: Markup =
      "<h3>\(name: report.space) space, measured on \(name: report.cohort) images</h3>"
    let parts = [
      heading, "<dl class=\"facts\">\(Markup.joined(facts(report)))</dl>",
      "<div class=\"charts\">\(Markup.joined(figures))</div>", points(report).markup,
      "<p class=\"why\">Intervals: \(report.interval).</p>",
      report.extrapolation.map { "<p class=\"why\">\($0)</p>" } ?? .empty,
      report.groups.map(groups) ?? .empty,
    ]
    return Markup.joined(parts)
  }

  private static func facts(_ report: CalibrationReport) -> [Markup] {
    let equal = report.equalErrorRate.map { Numeral.percent($0, decimals: 2) } ?? Numeral.missing
    let cosine = report.equalErrorSimilarity.map { Numeral.fixed($0, 4) } ?? Numeral.missing
    return [
      PageParts.fact("equal error rate", equal, why: "both rates meet at cosine \(cosine)"),
      PageParts.fact(
        "impostor pairs", Numeral.grouped(report.impostorPairs),
        why: "of \(Numeral.grouped(report.identities)) identities"),
      PageParts.fact(
        "genuine pairs", Numeral.grouped(report.genuinePairs),
        why: "of \(Numeral.grouped(report.images)) images"),
      PageParts.fact(
        "encoder", report.encoder,
        why: "these cosines hold for it alone: \(report.encoderDigest.prefix(12))"),
    ]
  }

  private static func points(_ report: CalibrationReport) -> HTMLTable {
    HTMLTable(
      caption: "Operating points",
      columns: [
        .init(title: "FMR", isNumber: true), .init(title: "cosine", isNumber: true),
        .init(title: "95 % interval", isNumber: true), .init(title: "how"),
        .init(title: "pairs at or above", isNumber: true),
        .init(title: "FMR interval", isNumber: true),
        .init(title: "design effect", isNumber: true),
        .init(title: "genuine pairs missed", isNumber: true),
        .init(title: "FNMR", isNumber: true),
      ],
      rows: report.points.map(row))
  }

  private static func row(_ point: CalibrationReport.Point) -> [HTMLTable.Cell] {
    let how: Markup =
      switch point.method {
      case "extrapolated": "<span class=\"chip proposed\">extrapolated</span>"
      case "rule-of-three": "bound: no pair got there"
      default: "measured"
      }
    return [
      rate(point.falseMatchRate), .number(point.similarity, decimals: 4),
      .text("\(Numeral.fixed(point.low, 4)) – \(Numeral.fixed(point.high, 4))"),
      .markup(how, sortKey: point.method),
      point.matches.map { .count($0) } ?? .markup("none seen", sortKey: ""),
      interval(point.rateLow, point.rateHigh), .number(point.designEffect, decimals: 1),
      .count(point.missed),
      .markup(
        "\(point.falseNonMatchRate.map { Numeral.percent($0, decimals: 1) } ?? Numeral.missing)",
        sortKey: point.falseNonMatchRate.map { Numeral.machine($0, 9) } ?? ""),
    ]
  }

  private static func groups(_ groups: CalibrationGroups) -> Markup {
    let table = HTMLTable(
      caption: "Groups at cosine \(Numeral.fixed(groups.similarity, 4)), where the whole cohort "
        + "has FMR \(Numeral.rate(groups.falseMatchRate)); each within itself",
      columns: [
        .init(title: "group"), .init(title: "identities", isNumber: true),
        .init(title: "impostor pairs", isNumber: true), .init(title: "FMR", isNumber: true),
        .init(title: "FMR interval", isNumber: true), .init(title: "FNMR", isNumber: true),
        .init(title: "its own cosine", isNumber: true),
      ],
      rows: groups.rows.map { row in
        [
          .name(row.name), .count(row.identities), .count(row.impostorPairs),
          row.falseMatchRate.map(rate) ?? .number(nil, decimals: 1),
          interval(row.rateLow, row.rateHigh), .number(row.falseNonMatchRate, decimals: 3),
          .number(row.similarity, decimals: 4),
        ]
      })
    let warnings = groups.differences.map { "<li>\($0)</li>" as Markup }
    let list: Markup =
      warnings.isEmpty
      ? "<p class=\"why\">No two groups differ beyond chance.</p>"
      : "<ul class=\"warnings\">\(Markup.joined(warnings))</ul>"
    return table.markup + list
  }

  private static func rate(_ value: Double) -> HTMLTable.Cell {
    .markup("\(Numeral.rate(value))", sortKey: Numeral.machine(value, 12))
  }

  private static func interval(_ low: Double?, _ high: Double?) -> HTMLTable.Cell {
    guard let low, let high else { return .markup("\(Numeral.missing)", sortKey: "") }
    return .markup(
      "\(Numeral.rate(low)) – \(Numeral.rate(high))", sortKey: Numeral.machine(high, 12))
  }
}
