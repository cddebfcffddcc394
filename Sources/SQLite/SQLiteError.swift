internal import CSQLite
public import Domain

/// Why a database did not do what it was asked.
///
/// The description names the file and the statement's text. Bound values never enter it.
public struct SQLiteError: ExplainedError, Equatable {
  public enum Code: Sendable {
    case busy, diskFull, readOnly, cannotOpen, notADatabase, corrupt, constraint, inputOutput
    case invalidValue, refused, other
  }

  public var code: Code
  /// SQLite's extended result code, 0 where SQLite was not asked.
  public var extendedCode: Int32
  public var message: String
  public var hint: String?
  /// The statement that failed, with `?` where the values were.
  public var sql: String?
  /// The database file.
  public var path: String

  init(code: Code, message: String, hint: String? = nil, sql: String? = nil, path: String) {
    self.code = code
    self.extendedCode = 0
    self.message = message
    self.hint = hint
    self.sql = sql
    self.path = path
  }

  /// From SQLite's own answer; `detail` is its text for the connection's last error.
  init(extendedCode: Int32, detail: String, sql: String?, path: String) {
    let code = Code(resultCode: extendedCode & 0xff)
    self.init(
      code: code, message: code.sentence(path: path, detail: detail), hint: code.hint, sql: sql,
      path: path)
    self.extendedCode = extendedCode
  }
}

extension SQLiteError.Code {
  init(resultCode: Int32) {
    self =
      switch resultCode {
      case SQLITE_BUSY, SQLITE_LOCKED: .busy
      case SQLITE_FULL: .diskFull
      case SQLITE_READONLY: .readOnly
      case SQLITE_CANTOPEN, SQLITE_PERM: .cannotOpen
      case SQLITE_NOTADB: .notADatabase
      case SQLITE_CORRUPT: .corrupt
      case SQLITE_CONSTRAINT: .constraint
      case SQLITE_IOERR: .inputOutput
      default: .other
      }
  }

  func sentence(path: String, detail: String) -> String {
    switch self {
    case .busy: "the database \(path) is locked by another process"
    case .diskFull: "the disk holding \(path) is full"
    case .readOnly: "the database \(path) cannot be written"
    case .cannotOpen: "the database \(path) cannot be opened"
    case .notADatabase: "the file \(path) is not a database"
    case .corrupt: "the database \(path) is damaged: \(detail)"
    case .constraint: "the database \(path) refused a row: \(detail)"
    case .inputOutput: "reading or writing the database \(path) failed: \(detail)"
    case .invalidValue, .refused, .other: "the database \(path) reports: \(detail)"
    }
  }

  var hint: String? {
    switch self {
    case .busy: "wait for the other command that uses it to finish, then try again"
    case .diskFull: "free some space and run the command again; nothing was half written"
    case .readOnly: "check the permissions of the file and of its folder"
    case .cannotOpen: "check that the file exists and that its folder can be read and written"
    case .notADatabase: "check the path; restore the file from a backup if it was overwritten"
    case .corrupt: "restore the file from a backup"
    case .inputOutput: "check the disk, then run the command again"
    case .constraint, .invalidValue, .refused, .other: nil
    }
  }
}
