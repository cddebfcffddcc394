/// Rows under named columns: what the CSV and JSON forms of a table share.
struct Table: Sendable {
  enum Cell: Sendable {
    case missing
    case text(String)
    case count(Int)
    case flag(Bool)
    case number(Double, decimals: Int)
  }

  var columns: [String]
  var rows: [[Cell]]

  /// RFC 4180: CRLF after every record, a header record first, quotes only where they are needed.
  /// Texts are kept as they are but for absolute paths; nothing is done about programs that take a
  /// leading `=` for a formula.
  var csv: String {
    var result = ""
    for record in [columns.map(Cell.text)] + rows {
      result += record.map(Table.field).joined(separator: ",") + "\r\n"
    }
    return result
  }

  /// A JSON array with one object per row; a missing cell is `null`.
  var json: String {
    let objects = rows.map { row in
      JSONText.object(zip(columns, row).map { ($0, Table.json($1)) }).rendered
    }
    return objects.isEmpty ? "[]\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }

  private static func field(_ cell: Cell) -> String {
    switch cell {
    case .missing: ""
    case .count(let value): String(value)
    case .flag(let value): value ? "true" : "false"
    case .number(let value, let decimals):
      value.isFinite ? Numeral.machine(value, decimals) : ""
    case .text(let value): quoted(Redaction.withoutAbsolutePaths(value))
    }
  }

  private static func quoted(_ text: String) -> String {
    let mustQuote = text.unicodeScalars.contains {
      $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r"
    }
    guard mustQuote else { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += "\"\"" } else { result.unicodeScalars.append(scalar) }
    }
    return result + "\""
  }

  private static func json(_ cell: Cell) -> JSONText {
    switch cell {
    case .missing: .null
    case .text(let value): .text(value)
    case .count(let value): .count(value)
    case .flag(let value): .flag(value)
    case .number(let value, let decimals): .number(value, decimals: decimals)
    }
  }
}

extension Table.Cell {
  static func optional(_ text: String?) -> Table.Cell { text.map(Self.text) ?? .missing }

  static func optional(_ number: Double?, decimals: Int) -> Table.Cell {
    number.map { Self.number($0, decimals: decimals) } ?? .missing
  }
}
