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
      sha256: "63b9562fc54d83032ad0666eb08c1d2d7924f0ff34eebd29b70448503d07a536"),
    Migration(
      number: 2, name: "ledger",
      sql: String(decoding: PackageResources._002_ledger_sql, as: UTF8.self),
      sha256: "d067f8985bd55bb551e28dd1b38d0b96c34174e3d9da4ae6420492e19a89fee6"),
  ]
}
