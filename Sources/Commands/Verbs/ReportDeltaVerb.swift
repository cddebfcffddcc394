import Arguments
import Curation
import Diagnostics
import Domain
import Files
import Reporting

/// `report delta`
enum ReportDeltaVerb: Verb {
  static let spec = CommandSpec(
    "report delta", group: "Report",
    summary: "the Δ in force, what moves along it, and what generated pictures have closed of it",
    discussion: """
      Writes a page with the projections of every population, how far images scatter along Δ within
      and between identities, and the images at either end; images.csv lists them all. Where there are
      generated pictures: which share of Δ they have closed, how far they moved across it, and a
      warning where they overshoot. Pictures of real people are never shown here.
      """,
    examples: [CommandExample("d2r-curate report delta", "prints the page's path")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would write the page about Δ")
      return .clean
    }
    let names = surroundings.encoderNames()
    let (section, files) = try await surroundings.withRunner { context in
      let reading = try await ReportReading(
        context, options: ReportOptions(), encoderNames: names)
      guard let section = try await reading.deltas().first else {
        throw CurationError(
          .missingInput, "no Δ is on record", hint: "estimate it with: d2r-curate delta")
      }
      let page = DeltaHTML.render(section, provenance: try await reading.provenance())
      let folder = Paths.join(context.workspace.reportsFolder, "delta")
      return (section, try write(section, page: page, in: folder))
    }
    surroundings.console.out(files[0])
    if section.gap?.overshoots == true {
      surroundings.console.note("the generated population overshoots Δ")
    }
    surroundings.console.out(json: document(section, files))
    return .clean
  }

  /// The page first.
  private static func write(
    _ section: DeltaSection, page: String, in folder: String
  ) throws -> [String] {
    try FileSystem.makeFolder(folder)
    var texts = [("index.html", page)]
    if let histogram = section.projections {
      texts.append(("delta.svg", SVGHistogram.render(histogram)))
    }
    if !section.images.isEmpty {
      texts.append(("images.csv", DeltaCSV.render(images: section)))
    }
    if !section.tokenNorms.isEmpty {
      texts.append(("tokens.csv", DeltaCSV.render(tokens: section)))
    }
    return try texts.map { name, text in
      let path = Paths.join(folder, name)
      try AtomicFile.write(text: text, to: path)
      return path
    }
  }

  private static func document(_ section: DeltaSection, _ files: [String]) -> JSONValue {
    [
      "page": .string(files[0]), "files": .array(files.dropFirst().map { .string($0) }),
      "figure": JSONValue(files.first { $0.hasSuffix("delta.svg") }) { .string($0) },
      "space": .string(section.space), "norm": .double(section.norm),
      "directionDegrees": JSONValue(section.directionDegrees) { .double($0) },
      "splitHalfCosine": JSONValue(section.splitHalfCosine) { .double($0) },
      "permutationP": JSONValue(section.permutationP) { .double($0) },
      "areaUnderCurve": JSONValue(section.separability) { .double($0) },
      "areaUnderWhitenedCurve": JSONValue(section.whitenedSeparability) { .double($0) },
      "gap": JSONValue(section.gap) { gap in
        [
          "along": .double(gap.along), "alongLow": .double(gap.alongLow),
          "alongHigh": .double(gap.alongHigh), "across": .double(gap.across),
          "remaining": .double(gap.remaining), "overshoots": .bool(gap.overshoots),
        ]
      },
      "spreads": .array(
        section.spreads.map { spread in
          [
            "population": .string(spread.population.rawValue), "images": .int(spread.images),
            "identities": .int(spread.identities), "mean": .double(spread.mean),
            "between": .double(spread.between),
            "within": JSONValue(spread.within) { .double($0) },
          ]
        }),
      "tokenNorms": .array(section.tokenNorms.map { .double($0) }),
    ]
  }
}
