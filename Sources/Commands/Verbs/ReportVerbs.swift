import Arguments
import Curation
import Diagnostics
import Domain
import Execution
import Files
import Reporting

/// `report summary`
enum ReportSummaryVerb: Verb {
  static let spec = CommandSpec(
    "report summary", group: "Report", summary: "one page about the whole dataset",
    examples: [CommandExample("d2r-curate report summary", "prints the page's path")],
    options: [
      ReportOptions.showReal,
      OptionSpec("--planted", value: "FILE", help: "answer key of a demonstration"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would write the summary")
      return .clean
    }
    let files = try await surroundings.writeSummary(
      ReportOptions(
        showsReal: invocation.flag("--show-real"), planted: invocation.string("--planted")))
    for line in files.plantedLines { surroundings.console.out(line) }
    surroundings.console.out(files.page)
    surroundings.console.out(json: [
      "page": .string(files.page), "files": .array(files.others.map { .string($0) }),
    ])
    return .clean
  }
}

/// The reports that are one table or one section, with what they share.
private enum TableReport {
  static func spec(_ name: String, _ summary: String) -> CommandSpec {
    CommandSpec(
      "report \(name)", group: "Report", summary: summary,
      examples: [
        CommandExample("d2r-curate report \(name)", "CSV on standard output, JSON with --json")
      ])
  }

  /// Prints what `render` makes of the workspace.
  static func run(
    _ surroundings: Surroundings,
    _ render: @Sendable (ReportReading) async throws -> (csv: String, json: String)
  ) async throws -> ExitCode {
    let names = surroundings.encoderNames()
    let (csv, json) = try await surroundings.withRunner { context in
      try await render(
        ReportReading(context, options: ReportOptions(), encoderNames: names))
    }
    surroundings.console.raw(surroundings.options.isJSON ? json : csv)
    return .clean
  }
}

/// `report audit`
enum ReportAuditVerb: Verb {
  static let spec = TableReport.spec("audit", "the findings of the last audit")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    try await TableReport.run(surroundings) { reading in
      let rows = try await reading.findings()
      return (TableCSV.render(findings: rows), TableJSON.render(findings: rows))
    }
  }
}
