import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain
import Execution
import Files
import FoundationEssentials
import SQLite
import VectorStorage

/// What a verb runs in: the global options, the console, and the way to the workspace.
struct Surroundings: Sendable {
  let options: GlobalOptions
  let console: Console
  let progress: any ProgressReporter
  let environment: [String: String]
  /// The command, and who gives it.
  private let verb: String
  private let author: String
  /// Runs since the program began.
  let watch = Stopwatch()

  init(_ invocation: Invocation) throws {
    options = try GlobalOptions(invocation)
    console = Console(isQuiet: options.isQuiet, isJSON: options.isJSON)
    environment = ProcessInfo.processInfo.environment
    progress = ProgressLine.onStandardError(
      isQuiet: options.isQuiet, environment: environment, memory: ResidentMemory.bytes)
    verb = invocation.command
    let user = environment["USER"] ?? ""
    author = user.isEmpty ? "person" : user
  }

  /// Where models and the runtime are installed.
  var installation: Installation { Installation(environment: environment) }

  /// What opens sealed galleries: files named, else the one the environment names.
  var galleryKeys: KeyRing {
    let named = options.galleryKeys
    let fallback = environment["D2R_GALLERY_KEY"] ?? ""
    return KeyRing(files: named.isEmpty && !fallback.isEmpty ? [fallback] : named)
  }

  func workspace() throws -> Workspace {
    try Workspace.open(try options.workspaceFolder(environment: environment))
  }

  /// Opens a workspace and everything a step needs.
  private func context(_ workspace: Workspace, catalog path: String) throws -> StepContext {
    var running = RunOptions(
      seed: options.seed, threads: options.threads, toolVersion: Version.current)
    running.verb = verb
    running.author = author
    // A dry run leaves no log, so it opens nothing that has to be logged.
    let keys =
      options.isDryRun ? KeyRing(refusing: "--dry-run would leave no line in its log") : galleryKeys
    return StepContext(
      workspace: workspace, catalog: try Catalog(path: path, clock: Clock.now),
      vectors: VectorStore(root: workspace.vectorsFolder, keys: keys), progress: progress,
      running: running)
  }

  /// A workspace opened for as long as the program runs, with no progress to show.
  func serviceContext(_ workspace: Workspace) throws -> StepContext {
    try context(workspace, catalog: workspace.catalogPath)
  }

  /// Runs `work` off Swift's shared pool, with the workspace open: the one at `path`, else the one
  /// the options name. A dry run works on a copy of the catalog, which goes away with it.
  func withRunner<Answer: Sendable>(
    at path: String? = nil, _ work: @Sendable (StepContext) async throws -> Answer
  ) async throws -> Answer {
    Interrupts.install()
    let workspace = try path.map { try Workspace.open($0) } ?? self.workspace()
    guard options.isDryRun else {
      return try await Runner(try context(workspace, catalog: workspace.catalogPath)).run(work)
    }
    let draft = try TemporaryFolder()
    defer { withExtendedLifetime(draft) {} }
    try Self.copy(workspace.catalogPath, to: draft("catalog.sqlite"))
    let answer = try await Runner(try context(workspace, catalog: draft("catalog.sqlite")))
      .run(work)
    console.note("dry run: nothing was written")
    return answer
  }

  private static func copy(_ catalog: String, to copy: String) throws {
    guard FileSystem.exists(catalog) else { return }
    let quoted = copy.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "''")
    try Database(path: catalog, mode: .existing).run(script: "VACUUM INTO '\(quoted)'")
  }

  /// Prints a step's report and maps it to an exit code.
  func show(_ report: StepReport) -> ExitCode {
    for line in report.lines { console.out(line) }
    if report.wasDone { console.note("(on record already: nothing was computed)") }
    var fields = report.document.objectValue ?? [:]
    fields["seconds"] = .double(watch.seconds)
    console.out(json: .object(fields))
    return report.hasFindings ? .findings : .clean
  }
}

/// The wall clock, for columns that are not content.
enum Clock {
  @Sendable static func now() -> String { Date.now.formatted(.iso8601) }
}

/// The tool's version; part of every provenance.
public enum Version {
  public static let current = "0.1.0"
}
