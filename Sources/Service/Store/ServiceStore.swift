internal import Cataloging
internal import Execution
internal import Files
internal import Migrations
internal import SQLite

/// Jobs, schedules, watches, alerts and tokens of one workspace, in an SQLite file of their own
/// beside the catalog, so that a long write of a job never stops the queue.
///
/// Every command is one transaction. Several processes may open the file: the command line writes
/// into it whether or not a daemon runs, and the daemon notices. Works on its own serial queue.
public actor ServiceStore {
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe queue.asUnownedSerialExecutor()
  }

  /// The daemon's folder in a workspace; for its owner alone.
  public nonisolated let folder: String
  /// The time of day, for the columns that hold times.
  public nonisolated let clock: ServiceClock

  let database: Database
  var knownJitterKey: [UInt8]?
  /// When each schedule fires next, by what that depends on.
  var nextFirings: [Int64: (of: String, at: Moment?)] = [:]
  private nonisolated let queue = SerialQueue(label: "d2r-curate.service")

  /// "d2rs"
  private static let kind = DatabaseKind(
    applicationID: 0x6432_7273, migrations: Migration.service, noun: "service database",
    origin: "the first command that needs it")

  /// Opens the store of the workspace at `workspace`, which is made where there is none.
  /// - Throws: `FilesError`, `SQLiteError`, and `CatalogError` for a newer tool's.
  public init(workspace: String, clock: ServiceClock = .system) throws {
    folder = Self.folder(of: workspace)
    self.clock = clock
    let path = Paths.join(folder, "service.sqlite")
    try FileSystem.makePrivateFolder(folder)
    database = try Self.open(path, clock)
  }

  /// Where the daemon keeps its files in a workspace.
  public static func folder(of workspace: String) -> String { Paths.join(workspace, "service") }

  private static func open(_ path: String, _ clock: ServiceClock) throws -> Database {
    // SQLite gives the files beside it the mode of the first one.
    if !FileSystem.exists(path) {
      do {
        try PrivateFile.create([], at: path)
      } catch let error where error.code == .alreadyExists {}
    }
    let database = try Database(path: path, mode: .existing, patience: 10_000)
    let migrator = Migrator(database: database, kind: kind) { clock.now().plain }
    let tables = try database.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
    guard tables == 0 else {
      try migrator.openExisting()
      return database
    }
    do {
      try migrator.startEmpty()
    } catch let error as CatalogError where error.code == .exists {
      // Another process was faster.
      try migrator.openExisting()
    }
    return database
  }

  /// Changes whenever another process has changed the file since this was asked last.
  public func version() throws -> Int64 {
    try database.first("PRAGMA data_version") { $0.integer(0) } ?? 0
  }
}
