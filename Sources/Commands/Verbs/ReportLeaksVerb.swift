import Arguments
import Curation
import Diagnostics
import Files
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
    let names = surroundings.encoderNames()
    let options = ReportOptions(showsReal: invocation.flag("--show-real"))
    let isDryRun = surroundings.options.isDryRun
    let (rows, page) = try await surroundings.withRunner { context in
      let reading = try await ReportReading(context, options: options, encoderNames: names)
      let report = try await reading.leaksPage()
      let folder = Paths.join(context.workspace.reportsFolder, "leaks")
      let page = Paths.join(folder, "index.html")
      if !isDryRun {
        try FileSystem.makeFolder(folder)
        try AtomicFile.write(Array(LeaksHTML.render(report).utf8), to: page)
      }
      return (report.leaks, page)
    }
    surroundings.console.raw(
      surroundings.options.isJSON
        ? TableJSON.render(leaks: rows) : TableCSV.render(leaks: rows))
    if !isDryRun { surroundings.console.note("page: \(page)") }
    return .clean
  }
}
