public import Migrations
public import SQLite

/// A kind of database of ours: its mark, its schema, and what people call it.
public struct DatabaseKind: Sendable {
  /// Marks the file for `file` and for us.
  let applicationID: Int64
  let migrations: [Migration]
  /// As in "the catalog".
  let noun: String
  /// What makes one.
  let origin: String

  public init(applicationID: Int64, migrations: [Migration], noun: String, origin: String) {
    self.applicationID = applicationID
    self.migrations = migrations
    self.noun = noun
    self.origin = origin
  }

  /// "d2rc".
  static let catalog = DatabaseKind(
    applicationID: 0x6432_7263, migrations: Migration.all, noun: "catalog",
    origin: "'d2r-curate init DIR'")
}

/// Brings a database's schema to this tool's, one transaction per migration.
public struct Migrator {
  let database: Database
  let clock: @Sendable () -> String
  let kind: DatabaseKind

  private var migrations: [Migration] { kind.migrations }

  /// - Parameter clock: the time as ISO 8601, for the record of what was applied.
  public init(database: Database, kind: DatabaseKind, clock: @escaping @Sendable () -> String) {
    self.database = database
    self.kind = kind
    self.clock = clock
  }

  /// Makes the tables in an empty file.
  /// - Throws: `CatalogError` with code `exists` where there are some.
  public func startEmpty() throws {
    let path = database.path
    try database.transaction {
      let tables = try database.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
      guard tables == 0 else {
        throw CatalogError(
          .exists, "a database is already at \(path)", hint: "choose another folder")
      }
      try database.run(
        script: """
          PRAGMA application_id = \(kind.applicationID);
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

  /// Applies what is missing.
  /// - Throws: `CatalogError` for another tool's, a newer tool's, or a changed database.
  public func openExisting() throws {
    let path = database.path
    let mark = try database.first("PRAGMA application_id") { $0.integer(0) }
    guard mark == kind.applicationID else {
      throw CatalogError(
        .notACatalog, "the database \(path) is not a \(kind.noun) of d2r-curate",
        hint: "check the path; a \(kind.noun) is made by \(kind.origin)")
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
          "the \(kind.noun) \(database.path) was made with another text of migration \(theirs.number)"
            + " (\(theirs.name))",
          hint: "open it with the version of d2r-curate that made it")
      }
    }
    return applied.count
  }

  private func newer(by count: Int) -> CatalogError {
    CatalogError(
      .newerCatalog,
      "the \(kind.noun) \(database.path) has \(count) migrations and this d2r-curate knows"
        + " \(migrations.count)",
      hint: "use the newer d2r-curate that made it")
  }
}
