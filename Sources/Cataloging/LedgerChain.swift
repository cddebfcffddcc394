internal import Cryptography
internal import SQLite

/// The chain of the ledger: the hash of a line is the SHA-256 over the hash of the line before and
/// the line's own columns, each written with its type and length, in the order of
/// `DecisionRecord.columns`. Before the first line stands the SHA-256 of "d2r-curate ledger".
///
/// It makes every change behind the tool's back visible to whoever noted the head before; it keeps
/// nobody from writing the whole chain anew.
struct LedgerChain {
  static let start = SHA256.digest(of: Array("d2r-curate ledger".utf8))

  let database: Database

  /// Links a line that was just written to the one before it.
  func link(_ sequence: Int64) throws {
    let previous = try hash(after: sequence - 1)
    let hash = try database.first(DecisionRecord.query + " WHERE sequence = ?", sequence) {
      Self.hash(of: $0, after: previous)
    }
    try database.run("INSERT INTO link (sequence, hash) VALUES (?, ?)", sequence, hash)
  }

  /// Links every line of a ledger that was written before there was a chain.
  func linkAll() throws {
    let lines = try database.rows("SELECT sequence FROM decision ORDER BY sequence") {
      $0.integer(0)
    }
    for (place, line) in lines.enumerated() {
      guard line == Int64(place + 1) else {
        throw CatalogError(
          .invalidBatch, "the ledger of \(database.path) has no line \(place + 1)",
          hint: "restore the catalog from a backup")
      }
      try link(line)
    }
  }

  func head() throws -> LedgerHead {
    let last = try database.first("SELECT sequence, hash FROM link ORDER BY sequence DESC LIMIT 1")
    { LedgerHead(count: $0.int(0), hash: $0.hex(1)) }
    return last ?? LedgerHead(count: 0, hash: Hex.string(Self.start))
  }

  /// The hash on record after so many lines.
  func hash(after count: Int64) throws -> [UInt8] {
    if count == 0 { return Self.start }
    let known = try database.first("SELECT hash FROM link WHERE sequence = ?", count) { $0.blob(0) }
    guard let known else {
      throw CatalogError(
        .invalidBatch, "line \(count) of the ledger has no hash",
        hint: "see what is wrong: d2r-curate verify")
    }
    return known
  }

  /// The first thing wrong with the chain, or nil.
  func firstBreak() throws -> String? {
    var previous = Self.start
    var expected: Int64 = 1
    var found: String?
    let columns = DecisionRecord.columns.split(separator: ", ").map { "d.\($0)" }
      .joined(separator: ", ")
    try database.forEachRow(
      """
      SELECT \(columns), l.hash FROM decision AS d LEFT JOIN link AS l ON l.sequence = d.sequence
      ORDER BY d.sequence
      """
    ) { row in
      guard found == nil else { return }
      guard row.integer(0) == expected else {
        found = "line \(expected) is missing"
        return
      }
      let hash = Self.hash(of: row, after: previous)
      if row.isNull(Self.width) {
        found = "line \(expected) has no hash"
      } else if row.blob(Self.width) != hash {
        found = "line \(expected) is not what was written: the chain breaks there"
      }
      previous = hash
      expected += 1
    }
    if let found { return found }
    let links = try database.first("SELECT max(sequence) FROM link") { $0.integer(0) } ?? 0
    return links >= expected ? "line \(expected) is missing: the ledger was cut off" : nil
  }

  private static let width = DecisionRecord.columns.split(separator: ", ").count

  private static func hash(of row: borrowing Statement, after previous: [UInt8]) -> [UInt8] {
    var bytes = previous
    for column in 0..<width { row.value(column).appendCanonical(to: &bytes) }
    return SHA256.digest(of: bytes)
  }
}

extension Catalog {
  /// How many lines the ledger has, and the chain's hash after the last. Noted elsewhere (it is
  /// printed by `verify` and `status`), it shows later whether lines were changed or cut off.
  public func ledgerHead() throws -> LedgerHead {
    try database.snapshot { try LedgerChain(database: database).head() }
  }

  /// What is wrong with the ledger, given a head that was noted earlier; nil where it is a
  /// continuation of that.
  public func disagreement(with noted: LedgerHead) throws -> String? {
    try database.snapshot {
      let chain = LedgerChain(database: database)
      let count = try chain.head().count
      guard noted.count <= count else {
        return "it has \(count) lines where \(noted.count) were noted: the ledger was cut off"
      }
      return Hex.string(try chain.hash(after: Int64(noted.count))) == noted.hash
        ? nil : "after line \(noted.count) its hash is not the one that was noted"
    }
  }
}
