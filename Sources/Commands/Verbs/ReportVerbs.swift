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

/// `report tsne`
enum ReportTSNEVerb: Verb {
  static let spec = CommandSpec(
    "report tsne", group: "Report", summary: "lay the images of a space out on a map",
    discussion: """
      t-SNE on exact neighbours, initialised by principal axes; the same seed gives the same map on any
      number of threads. More images than --sample are thinned by a seeded draw, and the page says so.
      Writes map.png, map.svg, map.csv and map.html.
      """,
    examples: [CommandExample("d2r-curate report tsne --space image", "prints the page's path")],
    options: [
      OptionSpec("--space", value: "NAME", help: "the space", defaultText: "identity"),
      OptionSpec("--perplexity", value: "P", help: "effective neighbours", defaultText: "30"),
      OptionSpec("--iterations", value: "N", help: "gradient steps", defaultText: "750"),
      OptionSpec("--sample", value: "N", help: "most images on the map", defaultText: "3000"),
      ReportOptions.showReal,
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    var options = ReportOptions(showsReal: invocation.flag("--show-real"))
    options.space = invocation.string("--space") ?? options.space
    options.perplexity =
      try invocation.double("--perplexity", in: 1...1000) ?? options.perplexity
    options.iterations = try invocation.int("--iterations", in: 1...100_000) ?? options.iterations
    options.sample = try invocation.int("--sample", in: 1...10_000_000) ?? options.sample
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would lay out space \(options.space) and write the map")
      return .clean
    }
    let names = surroundings.encoderNames()
    let (map, files) = try await surroundings.withRunner { [options] context in
      let reading = try await ReportReading(context, options: options, encoderNames: names)
      guard let map = try await reading.map() else {
        throw CurationError(
          .missingInput, "no image has a vector in space \(options.space)",
          hint: "index some: d2r-curate index FOLDER --population digital")
      }
      let folder = Paths.join(context.workspace.reportsFolder, "tsne-\(options.space)")
      return (map, try ReportWriter(folder: folder).write(map, page: true))
    }
    surroundings.console.out(files.last ?? "")
    surroundings.console.note(
      """
      \(map.points.count) of \(map.sampledFrom) images, perplexity \(map.perplexity), \
      KL divergence \(HumanNumbers.decimal(map.klDivergence, 4))
      """)
    surroundings.console.out(json: [
      "page": .string(files.last ?? ""), "points": .int(map.points.count),
      "sampledFrom": .int(map.sampledFrom), "perplexity": .double(map.perplexity),
      "iterations": .int(map.iterations), "klDivergence": .double(map.klDivergence),
      "space": .string(map.space), "seed": .string("\(map.seed)"),
      "seconds": .double(surroundings.watch.seconds),
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
