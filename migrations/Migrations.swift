/// One step of a database's schema. Once merged it never changes; the next idea is the next
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
  /// Every migration of the catalog, in the order they are applied.
  public static let all = [
    Migration(
      number: 1, name: "catalog",
      sql: String(decoding: PackageResources._001_catalog_sql, as: UTF8.self),
      sha256: "63b9562fc54d83032ad0666eb08c1d2d7924f0ff34eebd29b70448503d07a536"),
    Migration(
      number: 2, name: "leaks",
      sql: String(decoding: PackageResources._002_leaks_sql, as: UTF8.self),
      sha256: "cb1e2b0bb9f782a942b0fcdfabd1a46d1beaf8fc581af5bd06d2a33ca0987429"),
    Migration(
      number: 3, name: "duplicates",
      sql: String(decoding: PackageResources._003_duplicates_sql, as: UTF8.self),
      sha256: "92de8fbb4a23367dd626e355463af7c431f4180be31644550d78f6e5e895cefc"),
    Migration(
      number: 4, name: "calibration",
      sql: String(decoding: PackageResources._004_calibration_sql, as: UTF8.self),
      sha256: "360201f90b1de32e81671bd3eb966a894d73adf3915a2b3ac09342a9096ecd9f"),
    Migration(
      number: 5, name: "ledger",
      sql: String(decoding: PackageResources._005_ledger_sql, as: UTF8.self),
      sha256: "d067f8985bd55bb551e28dd1b38d0b96c34174e3d9da4ae6420492e19a89fee6"),
    Migration(
      number: 6, name: "galleries",
      sql: String(decoding: PackageResources._006_galleries_sql, as: UTF8.self),
      sha256: "d5d3dd012b5979913009ae1c8513097e3e2d0a320af59c91355069bf5c009beb"),
    Migration(
      number: 7, name: "economy",
      sql: String(decoding: PackageResources._007_economy_sql, as: UTF8.self),
      sha256: "b9c14e5f5df5a7bc7c927dc32127522633588362a6bf271085100a658db24372"),
  ]

  /// Every migration of the daemon's database, in the order they are applied.
  public static let service = [
    Migration(
      number: 1, name: "service",
      sql: String(decoding: PackageResources._001_service_sql, as: UTF8.self),
      sha256: "a18895f9473b1ec680c625e17ab260b55807553478bcefc5ead6e173ad5064b0")
  ]
}
