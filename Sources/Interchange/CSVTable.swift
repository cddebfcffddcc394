/// A table with named columns.
public struct CSVTable: Equatable, Sendable {
  /// Names of the columns, each once.
  public var header: [String]
  /// Each as long as the header.
  public var rows: [[String]]

  /// - Precondition: every row is as long as the header, which is not empty.
  public init(header: [String], rows: [[String]]) {
    precondition(!header.isEmpty && rows.allSatisfy { $0.count == header.count })
    self.header = header
    self.rows = rows
  }

  /// The values of a column, top to bottom; nil where there is no such column.
  public func column(_ name: String) -> [String]? {
    guard let place = header.firstIndex(of: name) else { return nil }
    return rows.map { $0[place] }
  }
}
