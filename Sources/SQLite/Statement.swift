internal import CSQLite

/// A compiled statement: owned by one `Statement`, or idle in its database, never both; the database
/// frees the idle ones when it closes.
@safe
struct Prepared {
  let handle: OpaquePointer

  func free() { unsafe sqlite3_finalize(handle) }
}

/// A prepared statement, borrowed from its database and given back when it goes out of scope.
///
/// Columns are counted from 0. Reading a column as another type than it holds converts as SQLite
/// does; tables declared STRICT leave no room for that.
///
/// The handle is this value's alone until `deinit` gives it back, and the database outlives it
/// because this value holds a reference.
@safe
public struct Statement: ~Copyable {
  let prepared: Prepared
  public let sql: String
  let database: Database

  private var handle: OpaquePointer { unsafe prepared.handle }

  deinit {
    unsafe sqlite3_reset(handle)
    unsafe sqlite3_clear_bindings(handle)
    database.takeBack(prepared, of: sql)
  }

  /// Binds `value` to the `index`th `?`, counted from 1. Bytes are copied.
  /// - Throws: `SQLiteError` for NaN, which SQLite would turn into NULL, and for a wrong index.
  public func bind(_ value: SQLiteValue, at index: Int) throws {
    let at = Int32(clamping: index)
    let code =
      switch value {
      case .null: unsafe sqlite3_bind_null(handle, at)
      case .integer(let value): unsafe sqlite3_bind_int64(handle, at, value)
      case .real(let value): unsafe sqlite3_bind_double(handle, at, try finite(value, index))
      case .text(var value):
        value.withUTF8 {
          unsafe $0.withMemoryRebound(to: CChar.self) {
            unsafe d2r_sqlite3_bind_text_copied(handle, at, $0.baseAddress, UInt64($0.count))
          }
        }
      case .blob(let value):
        unsafe value.withUnsafeBytes {
          unsafe d2r_sqlite3_bind_blob_copied(handle, at, $0.baseAddress, UInt64($0.count))
        }
      }
    try database.check(code, sql: sql)
  }

  /// Goes to the next row; false when there is none left.
  public func step() throws -> Bool {
    let code = unsafe sqlite3_step(handle)
    try database.check(code, sql: sql)
    return code == SQLITE_ROW
  }

  private func finite(_ value: Double, _ index: Int) throws -> Double {
    guard value.isNaN else { return value }
    throw SQLiteError(
      code: .invalidValue, message: "value \(index) of a statement is not a number", sql: sql,
      path: database.path)
  }
}

// MARK: reading

extension Statement {
  public var columnCount: Int { Int(unsafe sqlite3_column_count(handle)) }

  /// True where the column holds NULL.
  public func isNull(_ column: Int) -> Bool {
    unsafe sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
  }

  /// The whole number in a column; 0 for NULL.
  public func integer(_ column: Int) -> Int64 {
    unsafe sqlite3_column_int64(handle, Int32(column))
  }

  /// The number in a column; 0 for NULL.
  public func real(_ column: Int) -> Double {
    unsafe sqlite3_column_double(handle, Int32(column))
  }

  /// The text in a column; empty for NULL.
  public func text(_ column: Int) -> String {
    // The bytes stay valid until the next step; they are copied here.
    guard let start = unsafe sqlite3_column_text(handle, Int32(column)) else { return "" }
    let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
    return unsafe String(
      decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// The bytes in a column; empty for NULL.
  public func blob(_ column: Int) -> [UInt8] {
    // The bytes stay valid until the next step; they are copied here.
    guard let start = unsafe sqlite3_column_blob(handle, Int32(column)) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The column as SQLite holds it.
  public func value(_ column: Int) -> SQLiteValue {
    switch unsafe sqlite3_column_type(handle, Int32(column)) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_FLOAT: .real(real(column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_BLOB: .blob(blob(column))
    default: .null
    }
  }

  /// The whole number in a column, nil for NULL.
  public func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
  /// The number in a column, nil for NULL.
  public func optionalReal(_ column: Int) -> Double? { isNull(column) ? nil : real(column) }
  /// The text in a column, nil for NULL.
  public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
  /// The bytes in a column, nil for NULL.
  public func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
}
