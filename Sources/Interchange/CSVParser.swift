/// Reads one comma-separated table, byte by byte.
struct CSVParser {
  private let bytes: [UInt8]
  private let name: String
  private var place = 0
  /// Counted from 1, as editors do.
  private var line = 1

  init(_ text: String, name: String) {
    bytes = Array(text.utf8)
    self.name = name
  }

  mutating func table() throws(InterchangeError) -> CSVTable {
    let first = lineOfNextRecord()
    guard let header = try record() else { throw bad("there is no header line") }
    if let twice = Self.repeated(in: header) {
      line = first
      throw bad("the column \"\(twice)\" stands twice in the header")
    }
    var rows: [[String]] = []
    while true {
      let start = lineOfNextRecord()
      guard let row = try record() else { break }
      guard row.count == header.count else {
        line = start
        throw bad("it has \(row.count) fields where the header has \(header.count)")
      }
      rows.append(row)
    }
    return CSVTable(header: header, rows: rows)
  }

  /// The fields of the next line that has any, or nil at the end.
  private mutating func record() throws(InterchangeError) -> [String]? {
    skipEmptyLines()
    if place == bytes.count { return nil }
    var fields: [String] = []
    while true {
      fields.append(try field())
      if place < bytes.count, bytes[place] == UInt8(ascii: ",") {
        place += 1
      } else {
        try endLine()
        return fields
      }
    }
  }

  private mutating func field() throws(InterchangeError) -> String {
    if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { return try quotedField() }
    let start = place
    while place < bytes.count, !Self.endsField(bytes[place]) {
      if bytes[place] == UInt8(ascii: "\"") {
        throw bad("a quote stands inside a field that does not begin with one")
      }
      place += 1
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func quotedField() throws(InterchangeError) -> String {
    let start = line
    place += 1
    var field: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte != UInt8(ascii: "\"") {
        field.append(byte)
      } else if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
        field.append(byte)
        place += 1
      } else if place == bytes.count || Self.endsField(bytes[place]) {
        return String(decoding: field, as: UTF8.self)
      } else {
        throw bad("text follows a closing quote")
      }
    }
    line = start
    throw bad("a quote is opened and never closed")
  }

  /// Passes over the line break, which may be missing at the end.
  private mutating func endLine() throws(InterchangeError) {
    if place == bytes.count { return }
    if bytes[place] == UInt8(ascii: "\r") {
      place += 1
      if place == bytes.count { return }
    }
    guard bytes[place] == UInt8(ascii: "\n") else {
      throw bad("a carriage return stands without a line feed")
    }
    place += 1
    line += 1
  }

  private mutating func skipEmptyLines() {
    while true {
      if bytes[place...].starts(with: [0x0A]) {
        place += 1
      } else if bytes[place...].starts(with: [0x0D, 0x0A]) {
        place += 2
      } else {
        return
      }
      line += 1
    }
  }

  private mutating func lineOfNextRecord() -> Int {
    skipEmptyLines()
    return line
  }

  private static func endsField(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private static func repeated(in names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }

  private func bad(_ reason: String) -> InterchangeError {
    InterchangeError(
      code: .badTable, message: "\(name), line \(line): \(reason)",
      hint: "write it as comma-separated values with a header line, fields with commas, quotes "
        + "or line breaks in double quotes")
  }
}
