import Arguments
import Curation
import Diagnostics
import Files
import Reporting

/// `report duplicates`
enum ReportDuplicatesVerb: Verb {
  static let spec = CommandSpec(
    "report duplicates", group: "Report", summary: "every duplicate with the image that is kept",
    discussion: """
      Prints the table, and writes a page with it and with the error rates of the first key: the
      distributions with the thresholds marked, the trade-off curve and the operating points.
      """,
    examples: [
      CommandExample("d2r-curate report duplicates", "CSV on standard output, JSON with --json")
    ], options: [ReportOptions.showReal])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let names = surroundings.encoderNames()
    let options = ReportOptions(showsReal: invocation.flag("--show-real"))
    let isDryRun = surroundings.options.isDryRun
    let (rows, page) = try await surroundings.withRunner { context in
      let reading = try await ReportReading(context, options: options, encoderNames: names)
      var report = SummaryReport(
        workspace: context.workspace.settings.name, findingCount: 0,
        provenance: try await reading.provenance())
      report.duplicates = try await reading.duplicates()
      report.calibrations = try await reading.calibrations()
      let folder = Paths.join(context.workspace.reportsFolder, "duplicates")
      let page = Paths.join(folder, "index.html")
      if !isDryRun {
        try FileSystem.makeFolder(folder)
        try AtomicFile.write(Array(DuplicatesHTML.render(report).utf8), to: page)
      }
      return (report.duplicates, page)
    }
    surroundings.console.raw(
      surroundings.options.isJSON
        ? TableJSON.render(duplicates: rows) : TableCSV.render(duplicates: rows))
    if !isDryRun { surroundings.console.note("page: \(page)") }
    return .clean
  }
}
