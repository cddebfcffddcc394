internal import Cryptography
internal import SQLite

/// The digest of one table's content.
public struct TableDigest: Equatable, Sendable {
  public var table: String
  public var rows: Int
  /// SHA-256, in hex.
  public var digest: String
}

extension Catalog {
  /// SHA-256, in hex, over everything the catalog says except clock readings (columns named `*_at`),
  /// the ledger's chain, whose hashes cover clock readings, and the records of its migrations and of
  /// accesses to sealed galleries. Two workspaces made from the same input, with the same seed
  /// and version, have the same one.
  /// - Parameter ignoringRoots: leaves out where the sources' folders are on this machine.
  public func contentDigest(ignoringRoots: Bool = false) throws -> String {
    var stream = SHA256.Stream()
    for table in try tableDigests(ignoringRoots: ignoringRoots) {
      stream.update("\(table.table) \(table.digest)\n")
    }
    return Hex.string(stream.finalize())
  }

  /// The content digest's parts, by table name: for finding where two catalogs differ.
  public func tableDigests(ignoringRoots: Bool = false) throws -> [TableDigest] {
    try database.snapshot {
      let tables = try database.rows(
        """
        SELECT name FROM sqlite_schema
        WHERE type = 'table' AND name NOT IN ('migration', 'link', 'gallery_access')
          AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        ORDER BY name
        """
      ) { $0.text(0) }
      return try tables.map { try digest(of: $0, ignoringRoots: ignoringRoots) }
    }
  }

  /// The columns are read from the schema, so a new one enters by itself. Each value is a type
  /// letter and its length or bits, so no two contents share their bytes.
  private func digest(of table: String, ignoringRoots: Bool) throws -> TableDigest {
    let columns = try database.rows(
      "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", table
    ) { (name: $0.text(0), key: $0.int(1)) }
    let content = columns.map(\.name).filter { name in
      !name.hasSuffix("_at") && !(ignoringRoots && table == "source" && name == "root")
    }
    let key = columns.filter { $0.key > 0 }.sorted { $0.key < $1.key }.map(\.name)
    let order = key.isEmpty ? "rowid" : key.map { "\"\($0)\"" }.joined(separator: ", ")
    let chosen = content.map { "\"\($0)\"" }.joined(separator: ", ")
    var stream = SHA256.Stream()
    stream.update("\(table)(\(chosen))\n")
    var rows = 0
    try database.forEachRow("SELECT \(chosen) FROM \"\(table)\" ORDER BY \(order)") { row in
      rows += 1
      var bytes: [UInt8] = []
      for column in 0..<content.count { row.value(column).appendCanonical(to: &bytes) }
      stream.update(bytes)
    }
    return TableDigest(table: table, rows: rows, digest: Hex.string(stream.finalize()))
  }
}

extension SQLiteValue {
  /// A letter for the type, then eight bytes (the integer, the float64's bits, or the byte count),
  /// little endian, then the bytes of text and blobs.
  func appendCanonical(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(UInt8(ascii: "n"))
    case .integer(let value): bytes.append("i", UInt64(bitPattern: value))
    case .real(let value): bytes.append("r", value.bitPattern)
    case .text(let value):
      bytes.append("t", UInt64(value.utf8.count))
      bytes.append(contentsOf: value.utf8)
    case .blob(let value):
      bytes.append("b", UInt64(value.count))
      bytes.append(contentsOf: value)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ letter: Unicode.Scalar, _ word: UInt64) {
    append(UInt8(ascii: letter))
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }
}
