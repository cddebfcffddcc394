import Domain
import Foundation
import Reporting

/// The smallest bytes that are taken for a PNG.
let tinyPNG: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]

extension Sample {
  /// A few of everything; pictures are a PNG signature, so that texts do not depend on an encoder.
  static func small() -> Sample {
    Sample(
      pointCount: 14, identityCount: 4, pairCount: 5,
      pictures: [.digital: [tinyPNG], .real: [tinyPNG + [4]], .generated: [tinyPNG + [5]]])
  }
}

/// Every text Reporting can make of a report, by name.
func everyText(_ report: SummaryReport) -> [(name: String, text: String)] {
  var texts = [
    ("summary.html", SummaryHTML.render(report)),
    ("duplicates.csv", TableCSV.render(duplicates: report.duplicates)),
    ("leaks.csv", TableCSV.render(leaks: report.leaks)),
    ("quotas.csv", TableCSV.render(quotas: report.quotas)),
    ("findings.csv", TableCSV.render(findings: report.findings)),
    ("duplicates.json", TableJSON.render(duplicates: report.duplicates)),
    ("leaks.json", TableJSON.render(leaks: report.leaks)),
    ("quotas.json", TableJSON.render(quotas: report.quotas)),
    ("findings.json", TableJSON.render(findings: report.findings)),
    ("bars.svg", SVGBars.render(report.quotas, title: report.workspace)),
  ]
  for (place, histogram) in report.similarities.enumerated() {
    texts.append(("histogram \(place).svg", SVGHistogram.render(histogram)))
  }
  if let map = report.map {
    texts.append(("map.svg", SVGMap.render(map)))
    texts.append(("map.csv", MapCSV.render(map)))
    texts.append(("map.html", MapHTML.render(map)))
  }
  return texts
}

/// What stands between two marks in `text`, the marks included.
func part(of text: String, from start: String, to end: String) -> String {
  guard let first = text.range(of: start),
    let last = text.range(of: end, range: first.upperBound..<text.endIndex)
  else { return "" }
  return String(text[first.lowerBound..<last.upperBound])
}
