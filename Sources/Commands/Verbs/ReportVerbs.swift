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

/// `report delta`
enum ReportDeltaVerb: Verb {
  static let spec = CommandSpec(
    "report delta", group: "Report", summary: "the Δ in force and the projections on it",
    examples: [CommandExample("d2r-curate report delta", "writes delta.svg and prints its path")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would draw the projections on Δ")
      return .clean
    }
    let names = surroundings.encoderNames()
    let (section, path) = try await surroundings.withRunner { context in
      let reading = try await ReportReading(
        context, options: ReportOptions(), encoderNames: names)
      guard let section = try await reading.deltas().first, let histogram = section.projections
      else {
        throw CurationError(
          .missingInput, "no Δ is on record", hint: "estimate it with: d2r-curate delta")
      }
      let folder = Paths.join(context.workspace.reportsFolder, "delta")
      try FileSystem.makeFolder(folder)
      let path = Paths.join(folder, "delta.svg")
      try AtomicFile.write(Array(SVGHistogram.render(histogram).utf8), to: path)
      return (section, path)
    }
    surroundings.console.out(path)
    surroundings.console.out(json: [
      "figure": .string(path), "space": .string(section.space), "norm": .double(section.norm),
      "splitHalfCosine": JSONValue(section.splitHalfCosine) { .double($0) },
      "permutationP": JSONValue(section.permutationP) { .double($0) },
      "areaUnderCurve": JSONValue(section.separability) { .double($0) },
    ])
    return .clean
  }
}
