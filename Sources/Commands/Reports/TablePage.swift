import Arguments
import Curation
import Diagnostics
import Files
import Reporting

/// A report that prints a table and writes a page that has more to say.
struct TablePage: Sendable {
  /// The page, as HTML.
  var page: String
  /// The table in both forms.
  var csv: String
  var json: String
  /// More files beside the page, by name.
  var files: [(name: String, bytes: [UInt8])] = []

  /// As below, with real people where the invocation asks for them.
  static func show(
    _ name: String, _ invocation: Invocation, in surroundings: Surroundings,
    _ make: @Sendable (ReportReading) async throws -> TablePage
  ) async throws -> ExitCode {
    try await show(
      name, ReportOptions(showsReal: invocation.flag("--show-real")), in: surroundings, make)
  }

  /// Makes the report `name` and shows it; a dry run writes no page.
  static func show(
    _ name: String, _ options: ReportOptions, in surroundings: Surroundings,
    _ make: @Sendable (ReportReading) async throws -> TablePage
  ) async throws -> ExitCode {
    let names = surroundings.encoderNames()
    let isDryRun = surroundings.options.isDryRun
    let (made, path) = try await surroundings.withRunner { context in
      let made = try await make(
        ReportReading(context, options: options, encoderNames: names))
      let folder = Paths.join(context.workspace.reportsFolder, name)
      let path = Paths.join(folder, "index.html")
      if !isDryRun {
        try FileSystem.makeFolder(folder)
        for file in made.files {
          try AtomicFile.write(file.bytes, to: Paths.join(folder, file.name))
        }
        try AtomicFile.write(text: made.page, to: path)
      }
      return (made, path)
    }
    surroundings.console.raw(surroundings.options.isJSON ? made.json : made.csv)
    if !isDryRun { surroundings.console.note("page: \(path)") }
    return .clean
  }
}
