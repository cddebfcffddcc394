import Reporting
import Testing

struct SnapshotTests {
  private let report: SummaryReport
  private let map: MapReport

  init() throws {
    var sample = Sample.small()
    report = sample.report()
    map = try #require(report.map)
  }

  @Test func `the SVG map is as recorded`() throws {
    try expectSnapshot(SVGMap.render(map), "map.svg")
  }

  @Test func `the histogram is as recorded`() throws {
    try expectSnapshot(SVGHistogram.render(report.similarities[0]), "histogram.svg")
  }

  @Test func `the quota bars are as recorded`() throws {
    try expectSnapshot(SVGBars.render(report.quotas, title: "Quotas"), "bars.svg")
  }

  @Test func `the map table is as recorded`() throws {
    try expectSnapshot(MapCSV.render(map), "map.csv")
  }

  @Test func `the tables are as recorded`() throws {
    try expectSnapshot(TableCSV.render(duplicates: report.duplicates), "duplicates.csv")
    try expectSnapshot(TableJSON.render(leaks: report.leaks), "leaks.json")
    try expectSnapshot(TableCSV.render(quotas: report.quotas), "quotas.csv")
    try expectSnapshot(TableCSV.render(findings: report.findings), "findings.csv")
  }

  @Test func `the body of the summary is as recorded`() throws {
    let page = SummaryHTML.render(report)
    try expectSnapshot(part(of: page, from: "<body>", to: "</footer>") + "\n", "summary-body.html")
  }

  @Test func `the body of the map page is as recorded`() throws {
    let page = MapHTML.render(map)
    try expectSnapshot(part(of: page, from: "<body>", to: "</main>") + "\n", "map-body.html")
  }
}
