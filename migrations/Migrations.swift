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
      number: 2, name: "cert",
      sql: String(decoding: PackageResources._002_cert_sql, as: UTF8.self),
      sha256: "d5d3dd012b5979913009ae1c8513097e3e2d0a320af59c91355069bf5c009beb"),
  ]
}
