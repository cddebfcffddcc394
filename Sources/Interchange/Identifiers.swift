import Files

/// Who the rows of an imported array are: the table beside it.
public struct Identifiers: Equatable, Sendable {
  /// One image's id, and its identity where it has one.
  public struct Row: Equatable, Sendable {
    /// The row's own name, not empty and in the table once.
    public var id: String
    /// Nil where the table has no such column or the field is empty.
    public var identity: String?

    public init(id: String, identity: String?) {
      self.id = id
      self.identity = identity
    }
  }

  /// In the order of the array's rows.
  public var rows: [Row]

  public init(rows: [Row]) { self.rows = rows }

  /// Reads a comma-separated table with the column `id` and perhaps `identity`; other columns are
  /// passed over.
  /// - Parameter count: how many rows the array has; nil does not compare.
  public static func read(
    _ path: String, expecting count: Int? = nil
  ) throws(InterchangeError) -> Identifiers {
    let table = try CSVFile.read(path)
    guard let ids = table.column("id") else {
      throw bad("\(path) has no column id; it has \(table.header.joined(separator: ", "))")
    }
    if let count, ids.count != count {
      throw bad("\(path) has \(ids.count) rows for \(count) vectors")
    }
    var seen: [String: Int] = [:]
    for (row, id) in ids.enumerated() {
      if id.isEmpty { throw bad("\(path) has no id in row \(row + 1)") }
      if let first = seen.updateValue(row, forKey: id) {
        throw bad("\(path) has the id \"\(id)\" in rows \(first + 1) and \(row + 1)")
      }
    }
    let identities = table.column("identity")
    return Identifiers(
      rows: ids.indices.map { row in
        let identity = identities?[row]
        return Row(id: ids[row], identity: identity?.isEmpty == true ? nil : identity)
      })
  }

  private static func bad(_ message: String) -> InterchangeError {
    InterchangeError(
      code: .badTable, message: message,
      hint: "give one line per vector, in the same order, under the header id,identity")
  }
}
