import Arguments
import Curation
import Diagnostics
import Domain
import Files
import Reporting

/// `report calibration`
enum ReportCalibrationVerb: Verb {
  static let spec = CommandSpec(
    "report calibration", group: "Report",
    summary: "error rates of a space: distributions, trade-off curve, operating points, groups",
    discussion: """
      Shows the calibrations in force, nothing is measured. Writes a page, and for each calibration
      the curve and the operating points as CSV and both figures as SVG.
      """,
    examples: [CommandExample("d2r-curate report calibration", "prints the page's path")],
    options: [
      OptionSpec("--space", value: "NAME", help: "the space", defaultText: "identity"),
      OptionSpec(
        "--cohort", value: "P", help: "measured on this population only",
        defaultText: "all that were", allowed: Population.allCases.map(\.rawValue)),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let space = invocation.string("--space") ?? Space.identity
    let cohort = invocation.string("--cohort").flatMap(Population.init)
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would write the calibrations of space \(space)")
      return .clean
    }
    let names = surroundings.encoderNames()
    let (reports, files) = try await surroundings.withRunner { context in
      let reading = try await ReportReading(
        context, options: ReportOptions(), encoderNames: names)
      let reports = try await reading.calibrations(space: space, cohort: cohort)
      guard !reports.isEmpty else {
        throw CurationError(
          .missingInput, "space \(space) is not calibrated for the encoder in use",
          hint: "measure it with: d2r-curate calibrate --space \(space)")
      }
      let folder = Paths.join(context.workspace.reportsFolder, "calibration-\(space)")
      let page = CalibrationHTML.render(reports, provenance: try await reading.provenance())
      return (reports, try write(reports, page: page, in: folder))
    }
    surroundings.console.out(files[0])
    surroundings.console.out(json: [
      "page": .string(files[0]), "files": .array(files.dropFirst().map { .string($0) }),
      "calibrations": .array(reports.map(document)),
    ])
    return .clean
  }

  /// The page first.
  private static func write(
    _ reports: [CalibrationReport], page: String, in folder: String
  ) throws -> [String] {
    try FileSystem.makeFolder(folder)
    var texts = [("index.html", page)]
    for report in reports {
      texts.append(("\(report.cohort)-curve.csv", CalibrationCSV.render(curve: report)))
      texts.append(("\(report.cohort)-points.csv", CalibrationCSV.render(points: report)))
      texts.append(("\(report.cohort)-trade-off.svg", SVGTradeOff.render(report)))
      if let histogram = report.histogram {
        texts.append(("\(report.cohort)-histogram.svg", SVGHistogram.render(histogram)))
      }
    }
    return try texts.map { name, text in
      let path = Paths.join(folder, name)
      try AtomicFile.write(Array(text.utf8), to: path)
      return path
    }
  }

  private static func document(_ report: CalibrationReport) -> JSONValue {
    [
      "space": .string(report.space), "cohort": .string(report.cohort),
      "equalErrorRate": JSONValue(report.equalErrorRate) { .double($0) },
      "points": .array(
        report.points.map {
          [
            "falseMatchRate": .double($0.falseMatchRate), "similarity": .double($0.similarity),
            "method": .string($0.method),
          ]
        }),
    ]
  }
}
