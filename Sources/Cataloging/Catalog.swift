internal import Execution
internal import Migrations
internal import SQLite

/// The facts, decisions and provenance of one workspace, in one SQLite file.
///
/// Every command is one transaction: after an error, or a killed process, the catalog is as it was
/// before. Every list comes in a stated order. Works on its own serial queue, where SQLite may
/// block. Several processes may open the same file: readers never wait, and a second writer waits
/// a few seconds and then fails with a `SQLiteError` of code `busy`.
public actor Catalog {
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe queue.asUnownedSerialExecutor()
  }

  /// The catalog's file.
  public nonisolated let path: String

  /// Gives the time as ISO 8601.
  let clock: @Sendable () -> String
  let database: Database
  private nonisolated let queue = SerialQueue(label: "d2r-curate.catalog")

  /// Opens the catalog at `path`, on the caller's thread, and applies the migrations it lacks.
  /// - Parameters:
  ///   - patience: milliseconds to wait for another process's lock before failing.
  ///   - clock: the time as ISO 8601; fills the columns that are not content.
  /// - Throws: `CatalogError` where there is none, or it is another tool's or a newer tool's;
  ///   `SQLiteError` where the file is damaged or locked.
  public init(path: String, patience: Int = 5000, clock: @escaping @Sendable () -> String) throws {
    let database: Database
    do {
      database = try Database(path: path, mode: .existing, patience: patience)
    } catch let error as SQLiteError where error.code == .cannotOpen {
      throw CatalogError(
        .missing, "the catalog \(path) cannot be opened",
        hint: "make a workspace with 'd2r-curate init DIR', or check the path")
    }
    try Migrator(database: database, kind: .catalog, clock: clock).openExisting()
    self.init(opened: database, clock: clock)
  }

  private init(opened database: sending Database, clock: @escaping @Sendable () -> String) {
    self.path = database.path
    self.clock = clock
    self.database = database
  }

  /// Makes an empty catalog. Its folder must exist.
  /// - Throws: `CatalogError` with code `exists` where a database is there already.
  public static func create(
    path: String, patience: Int = 5000, clock: @escaping @Sendable () -> String
  ) throws -> Catalog {
    let database = try Database(path: path, mode: .create, patience: patience)
    try Migrator(database: database, kind: .catalog, clock: clock).startEmpty()
    return Catalog(opened: database, clock: clock)
  }

  /// Calls `willRun` with every statement before it runs, until replaced; what it throws, the
  /// statement throws. A seam for tests of what is left when any one statement fails.
  public func observeStatements(_ willRun: (@Sendable (String) throws -> Void)?) {
    database.willRun = willRun
  }
}
