import Foundation

/// A folder of one test's own, removed with it.
final class Scratch: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "d2r-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, with the folders it needs, and returns its path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = self[name]
    let folder = URL(filePath: file).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// A copy of a file or folder from elsewhere, under `name`.
  @discardableResult
  func copy(_ other: String, to name: String) throws -> String {
    let folder = URL(filePath: self[name]).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: other, toPath: self[name])
    return self[name]
  }
}

/// The content of every file below a folder, by relative path.
func contents(of folder: String) -> [String: Data] {
  let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
  var found: [String: Data] = [:]
  // What a kill leaves half written is hidden, and counts as nothing.
  for name in names where !(name.split(separator: "/").last ?? "").hasPrefix(".") {
    // Nil for a folder.
    found[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
  }
  return found
}
