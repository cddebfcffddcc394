import Curation
import Diagnostics
import Domain
import Execution
import FaceEncoding
import Files
import Reporting

/// Where a report was written, and what a demonstration makes of it.
struct ReportFiles: Sendable {
  /// What a person opens.
  var page: String
  var others: [String] = []
  /// Planted against found, where an answer key was given.
  var planted: [PlantedRow] = []

  /// The planted faults as lines of a table; none without an answer key.
  var plantedLines: [String] {
    planted.map { row in
      let extra = row.extra == 0 ? "" : ", \(row.extra) found besides"
      let note = row.note.isEmpty ? "" : " (\(row.note))"
      return "  \(row.name): planted \(row.planted), found \(row.found)\(extra)\(note)"
    }
  }
}

extension Surroundings {
  /// Writes the summary page and its tables under the workspace's reports.
  func writeSummary(_ options: ReportOptions) async throws -> ReportFiles {
    let names = encoderNames()
    return try await withRunner { context in
      let reading = try await ReportReading(context, options: options, encoderNames: names)
      let report = try await reading.summary()
      let folder = Paths.join(context.workspace.reportsFolder, "summary")
      try FileSystem.makeFolder(folder)
      var files = ReportFiles(page: Paths.join(folder, "index.html"))
      files.planted = report.planted ?? []
      try AtomicFile.write(Array(SummaryHTML.render(report).utf8), to: files.page)
      let texts = [
        ("duplicates.csv", TableCSV.render(duplicates: report.duplicates)),
        ("leaks.csv", TableCSV.render(leaks: report.leaks)),
        ("quota.csv", TableCSV.render(quotas: report.quotas)),
        ("findings.csv", TableCSV.render(findings: report.findings)),
        ("quota.svg", SVGBars.render(report.quotas, title: "Pictures per identity")),
      ]
      for (name, text) in texts {
        files.others.append(Paths.join(folder, name))
        try AtomicFile.write(Array(text.utf8), to: Paths.join(folder, name))
      }
      if let map = report.map {
        files.others += try ReportWriter(folder: folder).write(pictures: map)
      }
      return files
    }
  }

  /// Names of the encoders in use, by space.
  func encoderNames() -> [String: String] {
    guard let settings = try? workspace().settings else { return [:] }
    var names = [Space.pixel: "aligned thumbnail"]
    for (space, name) in [
      (Space.identity, settings.identityEncoder), (Space.image, settings.imageEncoder),
    ] {
      names[space] = try? installation.model(name, role: .encoder, space: space).name
    }
    names[Space.mirroredIdentity] = names[Space.identity].map { "\($0), mirrored faces" }
    return names
  }
}

/// Writes reports as files.
struct ReportWriter {
  /// Size of the map as a picture, in pixels.
  static let mapWidth = 1600
  static let mapHeight = 1200

  let folder: String
  /// plotly.js, for the page of a map; without it the page draws by itself.
  var plotly: [UInt8]?

  /// A file's name, and what makes its bytes.
  private struct File: Sendable {
    let name: String
    let bytes: @Sendable () throws -> [UInt8]

    init(_ name: String, _ bytes: @escaping @Sendable () throws -> [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  private static func pictures(_ map: MapReport) -> [File] {
    [
      File("map.png") { try PNGMap.render(map, width: mapWidth, height: mapHeight) },
      File("map.svg") { Array(SVGMap.render(map).utf8) },
    ]
  }

  /// PNG, SVG and CSV of a map. Returns the paths.
  func write(pictures map: MapReport) throws -> [String] {
    try write(
      Self.pictures(map) + [File(SavedMap.coordinates) { Array(MapCSV.render(map).utf8) }])
  }

  /// A map with a page of its own, the last path, and all that `--onto` needs of it.
  func write(_ map: MapAnswer) throws -> [String] {
    let (report, plotly) = (map.report, plotly)
    let csv = Array(MapCSV.render(report).utf8)
    return try write(
      Self.pictures(report) + [
        File(SavedMap.coordinates) { csv },
        File("map.parquet") { MapParquet.render(report) },
        File(SavedMap.file) { Array(SavedMap.text(map, coordinates: csv).utf8) },
        File("map.html") { Array(MapHTML.render(report, plotly: plotly).utf8) },
      ])
  }

  private func write(_ files: [File]) throws -> [String] {
    try FileSystem.makeFolder(folder)
    return try Parallel.map(count: files.count, threads: Processors.available) { place in
      let path = Paths.join(folder, files[place].name)
      try AtomicFile.write(files[place].bytes(), to: path)
      return path
    }
  }
}
