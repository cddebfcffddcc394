import Files
import Interchange

/// A made-up dataset: names matter, contents do not.
struct DatasetFolder {
  let folder: TemporaryFolder

  init(_ names: [String] = []) throws {
    folder = try TemporaryFolder()
    for name in names { try put(name) }
  }

  var root: String { folder.path }

  func put(_ name: String, _ text: String = "") throws {
    try FileSystem.makeFolder(Paths.parent(folder(name)))
    try AtomicFile.write(text: text, to: folder(name))
  }
}

func failure(of work: () throws -> Void) -> InterchangeError? {
  do { try work() } catch { return error as? InterchangeError }
  return nil
}
