import Arguments
import Reporting

/// `report leaks`
enum ReportLeaksVerb: Verb {
  static let spec = CommandSpec(
    "report leaks", group: "Report",
    summary: "every leaking image with what it resembles most, and identity collisions",
    discussion: """
      Prints the table of leaks, and writes a page with it, with the thresholds of each comparison,
      with what class means would have missed, and with identity collisions held against chance.
      """,
    examples: [
      CommandExample("d2r-curate report leaks", "CSV on standard output, JSON with --json")
    ], options: [ReportOptions.showReal])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    try await TablePage.show("leaks", invocation, in: surroundings) { reading in
      let report = try await reading.leaksPage()
      return TablePage(
        page: LeaksHTML.render(report), csv: TableCSV.render(leaks: report.leaks),
        json: TableJSON.render(leaks: report.leaks))
    }
  }
}
