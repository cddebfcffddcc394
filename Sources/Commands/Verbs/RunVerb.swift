import Arguments
import Curation
import Diagnostics
import FaceEncoding
import Interchange
import VectorSearch

/// `run`
enum RunVerb: Verb {
  static let spec = CommandSpec(
    "run", group: "Curate", summary: "do the whole job, skipping what is done already",
    discussion: """
      Looks at every indexed folder again, calibrates, quarantines duplicates and leaks, lists
      identity collisions, estimates Δ, fills quotas, audits, and writes the summary report. A run that was cut off goes on where it
      stopped; a second run computes nothing.
      """,
    examples: [CommandExample("d2r-curate run", "ends with the path of the report")],
    options: [
      OptionSpec(flag: "--show-real", help: "show pictures of real people in the report"),
      OptionSpec("--planted", value: "FILE", help: "answer key of a demonstration, for the report"),
    ],
    exitCodes: "0 the audit passed\n1 it found something\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let step = try surroundings.runStep()
    // A key that is not there should be known before the work, not after it.
    if let key = invocation.string("--planted") { _ = try CSVFile.read(key) }
    let console = surroundings.console
    let isDryRun = surroundings.options.isDryRun
    let reports = try await surroundings.withRunner { context -> [(String, StepReport)] in
      var reports: [(String, StepReport)] = []
      for stage in try await step.stages(in: context) {
        if isDryRun {
          let standing = try await stage.standing(in: context)?.rawValue ?? "looks for changes"
          console.out("\(stage.name): \(standing)")
          continue
        }
        let report = try await stage.run(context)
        console.out("\(stage.name)\(report.wasDone ? " (done already)" : "")")
        for line in report.lines { console.out("  \(line)") }
        reports.append((stage.name, report))
      }
      return reports
    }
    guard !isDryRun else { return .clean }
    let options = ReportOptions(
      showsReal: invocation.flag("--show-real"), planted: invocation.string("--planted"))
    let files = try await surroundings.writeSummary(options)
    if !files.planted.isEmpty { console.out("planted against found") }
    for line in files.plantedLines { console.out(line) }
    console.out("report: \(files.page)")
    console.out(
      json: [
        "report": .string(files.page),
        "stages": .array(
          reports.map { name, report in
            [
              "stage": .string(name), "skipped": .bool(report.wasDone), "result": report.document,
            ]
          }),
      ])
    let audit = reports.last { $0.1.step == AuditStep.name }?.1
    return audit?.hasFindings == true ? .findings : .clean
  }
}

extension Surroundings {
  /// The whole job with what is installed.
  func runStep() throws -> RunStep {
    let settings = try workspace().settings
    try installation.requireIdentityEncoder(settings)
    return RunStep(
      RunStep.Parts(
        fill: FillStep.Parts(
          generator: try installation.generator(settings),
          chain: try installation.chain(settings, crop: .auto),
          builder: FaissIndexBuilder(threads: options.threads)),
        builder: ExactIndexBuilder(ExactSettings(threads: options.threads)),
        generatorDigest: installation.generatorDigest(settings) ?? "",
        documented: installation.documentedThresholds(settings)))
  }
}
