import Foundation
import Reporting
import Testing

struct CalibrationPageTests {
  private func report() -> CalibrationReport {
    var report = CalibrationReport(
      space: "identity", cohort: "reference", encoder: "<net>", encoderDigest: "abcdef0123456789")
    report.identities = 110
    report.impostorPairs = 371_309
    report.genuinePairs = 3236
    report.interval = "95 %, as stated"
    report.equalErrorRate = 0.0167
    report.equalErrorSimilarity = 0.9055
    for (rate, cosine, missed) in [(1e-2, 0.911, 0.024), (1e-3, 0.928, 0.079)] {
      var point = CalibrationReport.Point(
        falseMatchRate: rate, similarity: cosine, low: cosine - 0.01, high: cosine + 0.01)
      point.matches = Int(rate * 371_309)
      point.rateLow = rate / 2
      point.rateHigh = rate * 2
      point.falseNonMatchRate = missed
      report.points.append(point)
    }
    var beyond = CalibrationReport.Point(
      falseMatchRate: 1e-6, similarity: 0.953, low: 0.944, high: 0.968)
    beyond.method = "extrapolated"
    beyond.falseNonMatchRate = 0.33
    report.points.append(beyond)
    report.curve = (0...40).map { step in
      let share = Double(step) / 40
      return CalibrationReport.Trade(
        similarity: 0.8 + 0.18 * share, falseMatchRate: exp(-13 * share),
        falseNonMatchRate: share * share * 0.6)
    }
    report.histogram = Histogram(
      title: "Genuine and impostor pairs", axis: "cosine", unit: "pairs", lower: 0.6, upper: 1,
      series: [
        HistogramSeries(name: "same identity", role: .genuine, counts: [0, 1, 5, 9]),
        HistogramSeries(name: "different identities", role: .impostor, counts: [9, 5, 1, 0]),
      ], thresholds: [ThresholdMark(value: 0.928, label: "measured", falseMatchRate: 1e-3)])
    var row = CalibrationGroups.Row(name: "a<b", identities: 30, impostorPairs: 9000)
    row.falseMatchRate = 2e-3
    row.rateLow = 1e-3
    row.rateHigh = 4e-3
    report.groups = CalibrationGroups(
      similarity: 0.928, falseMatchRate: 1e-3, rows: [row], differences: ["a has more than b"])
    return report
  }

  private let provenance = Provenance(toolVersion: "1", seed: 1)

  @Test func `the trade-off is well-formed and marks what was extrapolated`() throws {
    let svg = SVGTradeOff.render(report())
    try expectWellFormed(svg)
    #expect(svg.contains("1e-6 ≥ 0.953 extrapolated"))
    #expect(svg.components(separatedBy: "<circle").count == 4)
    #expect(svg.components(separatedBy: "class=\"impostor q\"").count == 2)
  }

  @Test func `the curve falls where rates are read off the axes`() throws {
    var one = report()
    // 0.5 on a normal-deviate axis from 0.005 to 0.5 is the upper edge; 1e-3 of six decades is half.
    one.curve = [
      .init(similarity: 0.8, falseMatchRate: 1e-3, falseNonMatchRate: 0.5),
      .init(similarity: 0.9, falseMatchRate: 1e-6, falseNonMatchRate: 0.005),
    ]
    #expect(SVGTradeOff.render(one).contains("d=\"M248 44L62 344\""))
  }

  @Test func `a calibration without pairs has a figure that says so`() throws {
    let empty = CalibrationReport(space: "s", cohort: "real", encoder: "e", encoderDigest: "d")
    let svg = SVGTradeOff.render(empty)
    try expectWellFormed(svg)
    #expect(svg.contains("No trade-off was measured"))
    #expect(CalibrationHTML.render([empty], provenance: provenance).contains("–"))
    #expect(CalibrationHTML.render([], provenance: provenance).contains("Nothing has been"))
  }

  @Test func `the page states rates, intervals, groups and what was extrapolated`() {
    let page = CalibrationHTML.render([report()], provenance: provenance)
    for words in [
      "equal error rate", "1.67 %", "371,309", "5e-4 – 2e-3", ">extrapolated</span>", "none seen",
      "&lt;net&gt;", "a&lt;b", "a has more than b", "95 %, as stated", "abcdef012345",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("http://") || page.contains("http://www.w3.org"))
    #expect(page == CalibrationHTML.render([report()], provenance: provenance))
  }

  @Test func `the tables have a record per point and per step`() {
    let points = CalibrationCSV.render(points: report()).split(whereSeparator: \.isNewline)
    #expect(points.count == 4)
    #expect(points[3] == "0.000001,0.953,0.944,0.968,extrapolated,,,,1,0,0.33")
    let curve = CalibrationCSV.render(curve: report()).split(whereSeparator: \.isNewline)
    #expect(curve.count == 42 && curve[1] == "0.8,1,0")
  }

  @Test func `the summary and the page of duplicates show calibrations`() {
    var summary = SummaryReport(workspace: "w", findingCount: 0, provenance: provenance)
    #expect(!SummaryHTML.render(summary).contains("id=\"calibration\""))
    summary.calibrations = [report()]
    #expect(SummaryHTML.render(summary).contains("<a href=\"#calibration\">Thresholds</a>"))
    let page = DuplicatesHTML.render(summary)
    #expect(page.contains("id=\"calibration\"") && page.contains("id=\"duplicates\""))
  }
}
