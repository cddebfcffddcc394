public import Files

/// Comma-separated tables by RFC 4180, in UTF-8, with a header line.
///
/// Lines may end in CR LF or LF when read, and end in LF when written. Any text survives writing
/// and reading: fields with commas, quotes or line breaks are quoted, quotes inside are doubled.
public enum CSVFile {
  /// - Throws: `badTable` with the line, `fileSystem` where the file is not UTF-8.
  public static func read(_ path: String) throws(InterchangeError) -> CSVTable {
    let text = try withFiles { () throws(FilesError) in try FileReader.readText(path) }
    return try parse(text, named: path)
  }

  /// Reads a table from text. Lines without any character are passed over.
  /// - Parameter name: the file, for the error.
  public static func parse(
    _ text: String, named name: String
  ) throws(InterchangeError) -> CSVTable {
    var parser = CSVParser(text, name: name)
    return try parser.table()
  }

  /// Writes the table as a file that is there whole or not at all.
  public static func write(
    _ table: CSVTable, to path: String, faults: FileFaults? = nil
  ) throws(InterchangeError) {
    let text = text(table)
    try withFiles { () throws(FilesError) in
      try AtomicFile.write(text: text, to: path, faults: faults)
    }
  }

  /// The table as text.
  public static func text(_ table: CSVTable) -> String {
    ([table.header] + table.rows).map { line($0) + "\n" }.joined()
  }

  private static func line(_ fields: [String]) -> String {
    // A line of one empty field would be a line without any character.
    if fields == [""] { return "\"\"" }
    return fields.map(quoted).joined(separator: ",")
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    guard needsQuotes else { return field }
    var bytes: [UInt8] = [0x22]
    for byte in field.utf8 {
      if byte == 0x22 { bytes.append(byte) }
      bytes.append(byte)
    }
    return String(decoding: bytes + [0x22], as: UTF8.self)
  }
}
