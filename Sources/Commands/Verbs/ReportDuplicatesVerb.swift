import Arguments
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
    try await TablePage.show("duplicates", invocation, in: surroundings) { reading in
      let report = try await reading.duplicatesPage()
      return TablePage(
        page: DuplicatesHTML.render(report), csv: TableCSV.render(duplicates: report.duplicates),
        json: TableJSON.render(duplicates: report.duplicates))
    }
  }
}
