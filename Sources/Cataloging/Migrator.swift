internal import Migrations
internal import SQLite

/// Brings a catalog's schema to this tool's, one transaction per migration.
struct Migrator {
  /// "d2rc": marks the file as a catalog for `file` and for us.
  static let applicationID: Int64 = 0x6432_7263

  let database: Database
  let clock: @Sendable () -> String
  var migrations = Migration.all

  func startEmpty() throws {
    let path = database.path
    try database.transaction {
      let tables = try database.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
      guard tables == 0 else {
        throw CatalogError(
          .exists, "a database is already at \(path)", hint: "choose another folder")
      }
      try database.run(
        script: """
          PRAGMA application_id = \(Migrator.applicationID);
          CREATE TABLE migration (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            applied_at TEXT NOT NULL
          ) STRICT;
          """)
      for migration in migrations { try apply(migration) }
    }
  }

  func openExisting() throws {
    let path = database.path
    let mark = try database.first("PRAGMA application_id") { $0.integer(0) }
    guard mark == Migrator.applicationID else {
      throw CatalogError(
        .notACatalog, "the database \(path) is not a catalog of d2r-curate",
        hint: "check the path; a catalog is made by 'd2r-curate init DIR'")
    }
    for migration in migrations.dropFirst(try appliedCount()) {
      try database.transaction {
        // Another process may have applied it since.
        if try appliedCount() < migration.number { try apply(migration) }
      }
    }
  }

  private func apply(_ migration: Migration) throws {
    try database.run(script: migration.sql)
    // Lines from before the chain are linked in the transaction that brings it.
    if migration.name == "ledger" { try LedgerChain(database: database).linkAll() }
    try database.run(
      "INSERT INTO migration VALUES (?, ?, ?, ?)", migration.number, migration.name,
      migration.sha256, clock())
  }

  /// How many migrations the catalog has; each must be ours.
  private func appliedCount() throws -> Int {
    let applied = try database.rows(
      "SELECT number, name, sha256 FROM migration ORDER BY number"
    ) { (number: Int($0.integer(0)), name: $0.text(1), sha256: $0.text(2)) }
    guard applied.count <= migrations.count else { throw newer(by: applied.count) }
    for (ours, theirs) in zip(migrations, applied) {
      guard ours.number == theirs.number, ours.sha256 == theirs.sha256 else {
        throw CatalogError(
          .changedMigration,
          "the catalog \(database.path) was made with another text of migration \(theirs.number)"
            + " (\(theirs.name))",
          hint: "open it with the version of d2r-curate that made it")
      }
    }
    return applied.count
  }

  private func newer(by count: Int) -> CatalogError {
    CatalogError(
      .newerCatalog,
      "the catalog \(database.path) has \(count) migrations and this d2r-curate knows"
        + " \(migrations.count)",
      hint: "use the newer d2r-curate that made it")
  }
}
