import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain
import Execution
import FoundationEssentials
import VectorStorage

/// What a verb runs in: the global options, the console, and the way to the workspace.
struct Surroundings: Sendable {
  let options: GlobalOptions
  let console: Console
  let progress: any ProgressReporter
  let environment: [String: String]

  init(_ invocation: Invocation) throws {
    options = try GlobalOptions(invocation)
    console = Console(isQuiet: options.isQuiet, isJSON: options.isJSON)
    progress = ProgressLine.onStandardError(
      isQuiet: options.isQuiet, memory: ResidentMemory.bytes)
    environment = ProcessInfo.processInfo.environment
  }

  /// Where models and the runtime are installed.
  var installation: Installation { Installation(environment: environment) }

  func workspace() throws -> Workspace {
    try Workspace.open(try options.workspaceFolder(environment: environment))
  }

  /// Opens a workspace and everything a step needs.
  private func context(_ workspace: Workspace) throws -> StepContext {
    StepContext(
      workspace: workspace,
      catalog: try Catalog(path: workspace.catalogPath, clock: Clock.now),
      vectors: VectorStore(root: workspace.vectorsFolder), progress: progress,
      running: RunOptions(
        seed: options.seed, threads: options.threads, toolVersion: Version.current))
  }

  /// Runs `work` off Swift's shared pool, with the workspace open: the one at `path`, else the one
  /// the options name.
  func withRunner<Answer: Sendable>(
    at path: String? = nil, _ work: @Sendable (StepContext) async throws -> Answer
  ) async throws -> Answer {
    Interrupts.install()
    let workspace = try path.map { try Workspace.open($0) } ?? self.workspace()
    return try await Runner(try context(workspace)).run(work)
  }

  /// Prints a step's report and maps it to an exit code.
  func show(_ report: StepReport) -> ExitCode {
    for line in report.lines { console.out(line) }
    if report.wasDone { console.note("(on record already: nothing was computed)") }
    console.out(json: report.document)
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
