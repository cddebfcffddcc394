import Cataloging
import Curation
import Diagnostics
import Domain
import Reporting

extension ReportReading {
  /// The calibrations in force of the spaces as they are now: of all, or of those named.
  func calibrations(space: String? = nil, cohort: Population? = nil) async throws
    -> [CalibrationReport]
  {
    var reports: [CalibrationReport] = []
    for one in try await context.spacesInForce() where space == nil || one.name == space {
      for population in Population.allCases where cohort == nil || population == cohort {
        let name = CalibrateStep.name(space: one.name, cohort: population)
        guard let step = try await context.catalog.latestStep(named: name) else { continue }
        let summary = try JSONValue(parsing: step.summary)
        guard summary["encoderDigest"]?.stringValue == one.encoderDigest else { continue }
        var report = CalibrationReading(summary).report(
          space: one, encoder: encoderNames[one.name] ?? "imported vectors")
        if one.name == Space.identity {
          report.histogram?.thresholds += try await thresholds()
        }
        reports.append(report)
      }
    }
    return reports
  }
}

/// Reads a calibration's recorded summary.
private struct CalibrationReading {
  let summary: JSONValue

  init(_ summary: JSONValue) { self.summary = summary }

  func report(space: Space, encoder: String) -> CalibrationReport {
    var report = CalibrationReport(
      space: space.name, cohort: summary["cohort"]?.stringValue ?? "", encoder: encoder,
      encoderDigest: space.encoderDigest)
    report.identities = summary["identities"]?.intValue ?? 0
    report.images = summary["images"]?.intValue ?? 0
    report.impostorPairs = summary["impostorPairs"]?.intValue ?? 0
    report.genuinePairs = summary["genuinePairs"]?.intValue ?? 0
    report.interval = summary["interval"]?.stringValue ?? ""
    report.equalErrorRate = summary["equalErrorRate"]?.doubleValue
    report.equalErrorSimilarity = summary["equalErrorSimilarity"]?.doubleValue
    report.points = (summary["points"]?.arrayValue ?? []).map(point)
    report.curve = (summary["det"]?.arrayValue ?? []).map { trade in
      CalibrationReport.Trade(
        similarity: number(trade, "similarity"), falseMatchRate: number(trade, "falseMatchRate"),
        falseNonMatchRate: number(trade, "falseNonMatchRate"))
    }
    report.histogram = histogram(report)
    report.extrapolation = extrapolation
    report.groups = groups
    return report
  }

  private func number(_ value: JSONValue, _ key: String) -> Double {
    value[key]?.doubleValue ?? .nan
  }

  private func point(_ value: JSONValue) -> CalibrationReport.Point {
    var point = CalibrationReport.Point(
      falseMatchRate: number(value, "falseMatchRate"), similarity: number(value, "similarity"),
      low: number(value, "low"), high: number(value, "high"))
    point.method = value["method"]?.stringValue ?? ""
    point.matches = value["matches"]?.intValue
    point.rateLow = value["rateLow"]?.doubleValue
    point.rateHigh = value["rateHigh"]?.doubleValue
    point.designEffect = number(value, "designEffect")
    point.missed = value["missed"]?.intValue ?? 0
    point.falseNonMatchRate = value["falseNonMatchRate"]?.doubleValue
    return point
  }

  /// The recorded bins from the first that holds a pair to the last, thresholds marked.
  private func histogram(_ report: CalibrationReport) -> Reporting.Histogram? {
    func counts(_ key: String) -> [Int] {
      (summary["histogram"]?[key]?.arrayValue ?? []).map { $0.intValue ?? 0 }
    }
    let (genuine, impostor) = (counts("genuine"), counts("impostor"))
    let all = zip(genuine, impostor).map { $0 + $1 }
    guard let first = all.firstIndex(where: { $0 > 0 }),
      let last = all.lastIndex(where: { $0 > 0 })
    else { return nil }
    func edge(_ bin: Int) -> Double { -1 + 2 * Double(bin) / Double(all.count) }
    return Reporting.Histogram(
      title: "Genuine and impostor pairs", axis: "cosine, \(report.space) space", unit: "pairs",
      lower: edge(first), upper: edge(last + 1),
      series: [
        HistogramSeries(
          name: "same identity", role: .genuine, counts: Array(genuine[first...last])),
        HistogramSeries(
          name: "different identities", role: .impostor, counts: Array(impostor[first...last])),
      ],
      thresholds: report.points.filter { $0.method != "rule-of-three" }.map { point in
        ThresholdMark(
          value: point.similarity, label: point.isExtrapolated ? "extrapolated" : "measured",
          falseMatchRate: point.falseMatchRate)
      })
  }

  private var extrapolation: String? {
    guard let tail = summary["extrapolation"], !tail.isNull else { return nil }
    return """
      Extrapolated cosines come from a generalised Pareto law (shape \
      \(HumanNumbers.decimal(number(tail, "shape"), 3))) fitted to \
      \(HumanNumbers.count(tail["excesses"]?.intValue ?? 0)) pairs above \
      \(HumanNumbers.decimal(number(tail, "above"), 4)); goodness of fit \
      \(HumanNumbers.decimal(number(tail, "goodness"), 2)). No pair was seen there, and no verb uses \
      them unless it is told to.
      """
  }

  private var groups: CalibrationGroups? {
    guard let groups = summary["groups"], !groups.isNull else { return nil }
    return CalibrationGroups(
      similarity: number(groups, "similarity"), falseMatchRate: number(groups, "falseMatchRate"),
      rows: (groups["groups"]?.arrayValue ?? []).map { value in
        var row = CalibrationGroups.Row(
          name: value["group"]?.stringValue ?? "", identities: value["identities"]?.intValue ?? 0,
          impostorPairs: value["impostorPairs"]?.intValue ?? 0)
        row.falseMatchRate = value["falseMatchRate"]?.doubleValue
        row.rateLow = value["rateLow"]?.doubleValue
        row.rateHigh = value["rateHigh"]?.doubleValue
        row.falseNonMatchRate = value["falseNonMatchRate"]?.doubleValue
        row.similarity = value["similarity"]?.doubleValue
        return row
      },
      differences: (groups["differences"]?.arrayValue ?? []).map {
        """
        \($0["higher"]?.stringValue ?? "") has more false matches than \
        \($0["lower"]?.stringValue ?? "") beyond chance: one cosine does not treat both alike
        """
      })
  }
}
