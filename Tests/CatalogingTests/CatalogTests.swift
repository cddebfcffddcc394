import Cataloging
import Cryptography
import Domain
import Foundation
import Migrations
import SQLite
import Testing

@Suite struct CatalogTests {
  @Test func `an empty catalog is sound and empty after opening again`() async throws {
    let scratch = try Scratch()
    let digest = try await scratch.create().contentDigest()
    let catalog = try scratch.open()
    #expect(try await catalog.images().isEmpty)
    #expect(try await catalog.sources().isEmpty)
    #expect(try await catalog.check().isEmpty)
    #expect(try await catalog.contentDigest() == digest)
    #expect(try await catalog.counts().images.isEmpty)
  }

  @Test func `a catalog is not made over another`() async throws {
    let scratch = try Scratch()
    _ = try scratch.create()
    let error = try await catalogError { _ = try scratch.create() }
    #expect(error.code == .exists)
    #expect(error.message == "a database is already at \(scratch.path())")
  }

  @Test func `a missing catalog is named with the command that makes one`() async throws {
    let scratch = try Scratch()
    let error = try await catalogError { _ = try scratch.open() }
    #expect(error.code == .missing)
    #expect(error.hint?.contains("d2r-curate init DIR") == true)
  }

  @Test func `another tool's database is refused`() async throws {
    let scratch = try Scratch()
    let other = try Database(path: scratch.path(), mode: .create)
    try other.run("CREATE TABLE t (v)")
    let error = try await catalogError { _ = try scratch.open() }
    #expect(error.code == .notACatalog)
  }

  @Test func `a catalog of a newer tool is refused`() async throws {
    let scratch = try Scratch()
    _ = try scratch.create()
    try scratch.raw().run("INSERT INTO migration VALUES (99, 'later', 'x', 'now')")
    let error = try await catalogError { _ = try scratch.open() }
    #expect(error.code == .newerCatalog)
    let known = Migration.all.count
    #expect(
      error.message.contains("has \(known + 1) migrations and this d2r-curate knows \(known)"))
  }

  @Test func `a catalog made with another text of a migration is refused`() async throws {
    let scratch = try Scratch()
    _ = try scratch.create()
    try scratch.raw().run("UPDATE migration SET sha256 = 'x'")
    let error = try await catalogError { _ = try scratch.open() }
    #expect(error.code == .changedMigration)
    #expect(error.message.contains("another text of migration 1 (catalog)"))
  }

  @Test func `a sound older catalog is brought forward`() async throws {
    let scratch = try Scratch()
    let digest = try await scratch.create().contentDigest()
    let empty = try Database(path: scratch.path("old.sqlite"), mode: .create)
    try empty.run(
      script: """
        PRAGMA application_id = \(0x6432_7263);
        CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,
          sha256 TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;
        """)
    #expect(try await scratch.open("old.sqlite").contentDigest() == digest)
  }

  @Test func `work runs off the shared pool, one piece at a time`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    try await withThrowingTaskGroup(of: SourceRecord.self) { group in
      for number in 0..<50 {
        group.addTask {
          try await catalog.source(population: .real, root: "/\(number)", layout: "flat")
        }
      }
      for try await _ in group {}
    }
    #expect(try await catalog.sources().map(\.id) == Array(1...50))
  }

  @Test func `a writer elsewhere makes a clear error and readers go on`() async throws {
    let scratch = try Scratch()
    let catalog = try scratch.create()
    let other = try scratch.raw()
    try other.run("BEGIN IMMEDIATE")
    let error = await #expect(throws: SQLiteError.self) {
      _ = try await catalog.source(population: .real, root: "/r", layout: "flat")
    }
    #expect(error?.code == .busy)
    #expect(try await catalog.sources().isEmpty)
    try other.run("ROLLBACK")
    _ = try await catalog.source(population: .real, root: "/r", layout: "flat")
  }
}

@Suite struct MigrationTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("migrations")

  @Test func `merged migrations are unchanged`() throws {
    for (folder, migrations) in Self.folders {
      let frozen = try String(
        contentsOf: folder.appendingPathComponent("checksums.txt"), encoding: .utf8)
      let lines = frozen.split(separator: "\n").map(String.init)
      #expect(lines == migrations.map { "\($0.number) \($0.name) \($0.sha256)" })
      for migration in migrations {
        #expect(SHA256.hex(of: migration.sql) == migration.sha256, "\(migration.name) has changed")
      }
    }
  }

  @Test func `every migration file is in the binary, numbered without gaps`() throws {
    for (folder, migrations) in Self.folders {
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".sql") }.sorted()
      let expected = migrations.map { migration in
        let number = String(migration.number)
        return String(repeating: "0", count: 4 - number.count) + "\(number)_\(migration.name).sql"
      }
      #expect(files == expected)
      #expect(migrations.map(\.number) == Array(1...migrations.count))
    }
  }

  /// The catalog's and the daemon's.
  static let folders = [
    (folder, Migration.all), (folder.appendingPathComponent("service"), Migration.service),
  ]
}
