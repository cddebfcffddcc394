import Analysis
import Arguments
import Curation
import Diagnostics
import Domain
import Execution
import Files
import Reporting

/// `report tsne`
enum ReportTSNEVerb: Verb {
  static let spec = CommandSpec(
    "report tsne", group: "Report", summary: "lay the images of a space out on a map",
    discussion: """
      t-SNE on nearest neighbours, initialised by principal axes; the same seed gives the same map on any
      number of threads. All neighbours are found of fewer than 4,096 images; of more the share that
      --neighbours asks for, and what was found is measured and said. More images than --sample are
      thinned by a seeded draw, and the page says so. Writes map.png, map.svg, map.csv, map.parquet,
      map.html, and map.json, by which --onto finds the map again: with it, images that are not on that
      map are placed among its points, which stay.
      """,
    examples: [
      CommandExample("d2r-curate report tsne --space image", "prints the page's path"),
      CommandExample("d2r-curate report tsne --onto reports/tsne-identity", "places new images"),
    ], options: place + descent + [ReportOptions.showReal])

  private static let place = [
    OptionSpec("--space", value: "NAME", help: "the space", defaultText: "identity"),
    OptionSpec("--sample", value: "N", help: "most images on the map", defaultText: "3000"),
    OptionSpec(
      "--onto", value: "MAP", help: "place new images on the map in this folder; it stays as it is"),
    OptionSpec(
      flag: "--quality", help: "measure trustworthiness and neighbour recall (k = 15) of the map"),
  ]

  private static let descent = [
    OptionSpec("--perplexity", value: "P", help: "effective neighbours", defaultText: "30"),
    OptionSpec(
      "--neighbours", value: "SHARE",
      help:
        "share of the nearest neighbours to find, measured on a sample; 1 finds all, in more time",
      defaultText: "0.99"),
    OptionSpec("--iterations", value: "N", help: "gradient steps, at most", defaultText: "750"),
    OptionSpec(
      "--until-converged", value: "SHARE",
      help: """
        stop where 125 steps lower the divergence by less than this share of it, such as 0.005; then \
        --iterations is 5000 unless given
        """),
    OptionSpec(
      "--principal-axes", value: "N", help: "axes kept of fewer than 1,000 images",
      defaultText: "50"),
    OptionSpec("--learning-rate", value: "R", help: "step size", defaultText: "N / 12, then N"),
    OptionSpec(
      "--exaggeration", value: "F", help: "factor on attraction in the first 250 steps",
      defaultText: "12"),
  ]

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let options = try options(invocation)
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would lay out space \(options.space) and write the map")
      return .clean
    }
    let plotly = PlotlyScript.installed(environment: surroundings.environment)
    if plotly == nil {
      surroundings.console.note(
        "plotly.js is not installed (Scripts/install-pages): the page draws the map by itself")
    }
    let watch = surroundings.watch
    let times = StageTimes(surroundings.progress) { watch.elapsed }
    let names = surroundings.encoderNames()
    let (map, files) = try await surroundings.withRunner { context in
      let reading = try await ReportReading(context, options: options, encoderNames: names)
      guard let map = try await reading.map(progress: times) else {
        throw CurationError(
          .missingInput, "no image has a vector in space \(options.space)",
          hint: "index some: d2r-curate index FOLDER --population digital")
      }
      let writer = ReportWriter(
        folder: Paths.join(context.workspace.reportsFolder, map.folder), plotly: plotly)
      return (map, try writer.write(map))
    }
    show(map, files, times, in: surroundings)
    return .clean
  }

  private static func options(_ invocation: Invocation) throws -> ReportOptions {
    var options = ReportOptions(showsReal: invocation.flag("--show-real"))
    options.space = invocation.string("--space") ?? options.space
    options.onto = invocation.string("--onto")
    options.neighbourShare =
      try invocation.double("--neighbours", in: 0.5...1) ?? options.neighbourShare
    options.measuresMap = invocation.flag("--quality")
    options.sample = try invocation.int("--sample", in: 1...10_000_000) ?? options.sample
    var layout = options.layout
    layout.perplexity = try invocation.double("--perplexity", in: 1...1000) ?? layout.perplexity
    layout.tolerance = try invocation.double("--until-converged", in: 1e-9...1)
    if layout.tolerance != nil { layout.iterations = ReportOptions.convergenceLimit }
    layout.iterations =
      try invocation.int("--iterations", in: 1...100_000) ?? layout.iterations
    layout.principalAxes =
      try invocation.int("--principal-axes", in: 2...10_000) ?? layout.principalAxes
    layout.learningRate = try invocation.double("--learning-rate", in: 1e-6...1e9)
    layout.exaggeration =
      try invocation.double("--exaggeration", in: 1...1000) ?? layout.exaggeration
    options.layout = layout
    return options
  }

  private static func show(
    _ map: MapAnswer, _ files: [String], _ times: StageTimes, in surroundings: Surroundings
  ) {
    let report = map.report
    let console = surroundings.console
    console.out(files.last ?? "")
    console.note(
      """
      \(report.points.count) of \(report.sampledFrom) images, perplexity \(report.perplexity), \
      KL divergence \(HumanNumbers.decimal(report.klDivergence, 4))
      """)
    for remark in map.remarks { console.note(remark) }
    if let recall = map.recall { console.note("neighbours: \(recall.text)") }
    if let quality = map.quality {
      console.note(
        """
        trustworthiness \(HumanNumbers.decimal(quality.trustworthiness, 4)), \
        recall of \(quality.neighbours) neighbours \(HumanNumbers.decimal(quality.recall, 4))
        """)
    }
    let seconds = MapStages.names.map { ($0, JSONValue.double(times.seconds[$0] ?? 0)) }
    console.out(json: [
      "page": .string(files.last ?? ""), "files": .array(files.map { .string($0) }),
      "points": .int(report.points.count), "sampledFrom": .int(report.sampledFrom),
      "placed": .int(report.points.count(where: \.isNew)),
      "perplexity": .double(report.perplexity), "iterations": .int(report.iterations),
      "kl_divergence": .double(report.klDivergence), "klDivergence": .double(report.klDivergence),
      "history": .array(map.history.map(milestone)),
      "remarks": .array(map.remarks.map { .string($0) }),
      "neighbours": JSONValue(map.recall) { $0.document },
      "quality": JSONValue(map.quality, quality), "space": .string(report.space),
      "seed": .string("\(report.seed)"),
      "stages": .object(Dictionary(uniqueKeysWithValues: seconds)),
      "peakMemory": JSONValue(ResidentMemory.peakBytes()) { .int($0) },
      "seconds": .double(surroundings.watch.seconds),
    ])
  }

  private static func milestone(_ milestone: TSNEMap.Milestone) -> JSONValue {
    [
      "iteration": .int(milestone.iteration), "kl_divergence": .double(milestone.klDivergence),
    ]
  }

  private static func quality(_ quality: MapQuality) -> JSONValue {
    [
      "trustworthiness": .double(quality.trustworthiness), "recall": .double(quality.recall),
      "neighbours": .int(quality.neighbours), "points": .int(quality.points),
    ]
  }
}

/// The stages of a layout, by the names that `TSNE` and `MapPlacement` report them under.
enum MapStages {
  static let names = ["neighbours", "affinities", "axes", "early", "main", "placing"]
}
