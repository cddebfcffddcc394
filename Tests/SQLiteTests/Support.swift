import Foundation
import SQLite
import Testing

/// A folder of its own for one test, removed with it.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "sqlite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func database(_ name: String = "a.sqlite") throws -> Database {
    try Database(path: path(name), mode: .create, patience: 50)
  }
}

struct Planned: Error {}

/// The error `body` throws, which must be ours.
func sqliteError(_ body: () throws -> Void) throws -> SQLiteError {
  try #require(throws: SQLiteError.self, performing: body)
}
