internal import CSQLite

/// One connection to one SQLite file.
///
/// Opened with write-ahead logging, foreign keys enforced, every commit synced to the disk, and no
/// trust in functions named by the schema. Not `Sendable`: one owner uses it, from one thread at a
/// time. Some prepared statements are kept and used again for the same text.
///
/// The connection handle is closed in `deinit` and never leaves the module.
@safe
public final class Database {
  /// Whether the file must be there or must not.
  public enum Mode: Sendable {
    /// The file must exist.
    case existing
    /// The file is made where there is none.
    case create
  }

  /// The file, as given.
  public let path: String

  /// Called with a statement's text before it runs; what it throws, the statement throws. A seam
  /// for tests of what happens when any one statement fails.
  public var willRun: ((String) throws -> Void)?

  let handle: OpaquePointer
  private var idleStatements: [String: [Prepared]] = [:]
  /// Prepared statements that wait to be used again.
  public private(set) var idleStatementCount = 0

  /// Idle statements beyond this are all let go, so that texts without end cannot fill the memory.
  static let mostIdleStatements = 256

  /// - Parameter patience: milliseconds to wait for another process's lock before failing.
  /// - Throws: `SQLiteError` where the file cannot be opened or is not a database.
  public init(path: String, mode: Mode, patience: Int = 5000) throws {
    self.path = path
    unsafe self.handle = try Database.connect(to: path, mode: mode)
    unsafe sqlite3_busy_timeout(handle, Int32(clamping: patience))
    // recursive_triggers makes INSERT OR REPLACE fire delete triggers, so a table guarded against
    // deletion is guarded against replacement too.
    try run(
      script: """
        PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;
        PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL;
        """)
  }

  deinit {
    freeIdleStatements()
    unsafe sqlite3_close_v2(handle)
  }

  private static func connect(to path: String, mode: Mode) throws -> OpaquePointer {
    var flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    if mode == .create { flags |= SQLITE_OPEN_CREATE }
    var handle: OpaquePointer?
    let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let opened = unsafe handle else {
      unsafe sqlite3_close_v2(handle)
      throw SQLiteError(
        extendedCode: code, detail: unsafe String(cString: sqlite3_errstr(code)), sql: nil,
        path: path)
    }
    return unsafe opened
  }

  /// The one place where a return code becomes an error.
  func check(_ code: Int32, sql: String?) throws {
    guard code != SQLITE_OK, code != SQLITE_ROW, code != SQLITE_DONE else { return }
    let detail = unsafe String(cString: sqlite3_errmsg(handle))
    throw SQLiteError(extendedCode: code, detail: detail, sql: sql, path: path)
  }

  /// Takes an idle prepared statement of this text, or prepares one.
  public func statement(_ sql: String) throws -> Statement {
    if let idle = idleStatements[sql]?.popLast() {
      idleStatementCount -= 1
      return Statement(prepared: idle, sql: sql, database: self)
    }
    var handle: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(
      self.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    try check(code, sql: sql)
    guard let prepared = unsafe handle else {
      throw SQLiteError(
        code: .invalidValue, message: "an empty statement was prepared", sql: sql, path: path)
    }
    return unsafe Statement(prepared: Prepared(handle: prepared), sql: sql, database: self)
  }

  /// Keeps a statement for the next use of its text.
  func takeBack(_ prepared: Prepared, of sql: String) {
    if idleStatementCount >= Self.mostIdleStatements { freeIdleStatements() }
    idleStatements[sql, default: []].append(prepared)
    idleStatementCount += 1
  }

  private func freeIdleStatements() {
    for prepared in idleStatements.values.joined() { prepared.free() }
    idleStatements = [:]
    idleStatementCount = 0
  }

  /// Runs several statements that take no values, in order, until one fails.
  public func run(script: String) throws {
    try willRun?(script)
    try check(unsafe sqlite3_exec(handle, script, nil, nil, nil), sql: script)
  }
}
