internal import Cryptography
internal import Domain
internal import SQLite

// Reading and writing the catalog's own kinds of columns.

extension Statement {
  func int(_ column: Int) -> Int { Int(integer(column)) }
  func optionalInt(_ column: Int) -> Int? { optionalInteger(column).map { Int($0) } }

  /// A similarity was widened from float32, so narrowing gives it back exactly.
  func similarity(_ column: Int) -> CosineSimilarity { CosineSimilarity(Float(real(column))) }

  func optionalSimilarity(_ column: Int) -> CosineSimilarity? {
    isNull(column) ? nil : similarity(column)
  }

  func hex(_ column: Int) -> String { Hex.string(blob(column)) }
  func optionalHex(_ column: Int) -> String? { isNull(column) ? nil : hex(column) }

  /// A word the schema's CHECK constraint admits.
  func word<Word: RawRepresentable<String>>(_ column: Int, _: Word.Type = Word.self) throws
    -> Word
  {
    if let word = Word(rawValue: text(column)) { return word }
    throw CatalogError(
      .invalidBatch, "'\(text(column))' is no \(Word.self) this version knows",
      hint: "use the d2r-curate that wrote it")
  }
}

/// The 32 bytes of a SHA-256 written in hex.
func digestBytes(_ hex: String, of subject: String) throws -> [UInt8] {
  if let bytes = Hex.bytes(hex), bytes.count == 32 { return bytes }
  throw CatalogError(
    .invalidBatch, "the digest '\(hex)' of \(subject) is not a SHA-256 in hex")
}

func optionalDigestBytes(_ hex: String?, of subject: String) throws -> [UInt8]? {
  try hex.map { try digestBytes($0, of: subject) }
}

/// `'a', 'b'`: words of ours as SQL literals, in a stable order.
func quoted(_ populations: Set<Population>) -> String {
  populations.sorted().map { "'\($0.rawValue)'" }.joined(separator: ", ")
}
