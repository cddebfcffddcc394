/// One step of the catalog's schema. Once merged it never changes; the next idea is the next
/// number.
public struct Migration: Equatable, Sendable {
  /// Counted from 1, without gaps.
  public let number: Int
  public let name: String
  /// Statements that take no values.
  public let sql: String
  /// SHA-256 of the file, in hex, as written in `checksums.txt` beside it.
  public let sha256: String
}

extension Migration {
  /// Every migration, in the order they are applied.
  public static let all = [
    Migration(
      number: 1, name: "catalog",
      sql: String(decoding: PackageResources._001_catalog_sql, as: UTF8.self),
      sha256: "9adacc3520ed7f463ee9bbf64d558463a70c36ced0f771e78e8ce2544ea4b8b0")
  ]
}
