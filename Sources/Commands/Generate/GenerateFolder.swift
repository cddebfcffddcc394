import Curation
import Diagnostics
import Domain
import Files
import Imaging

/// Where `generate` puts its pictures, and what it finds there.
struct GenerateFolder: Sendable {
  static let settingsName = "generate.json"

  let path: String

  /// Takes the folder for pictures of these settings: writes them down, or finds the same ones there.
  ///
  /// - Throws: `setting` where pictures of other settings lie there.
  func claim(for settings: JSONValue) throws {
    let file = Paths.join(path, Self.settingsName)
    let text = settings.pretty + "\n"
    guard FileSystem.exists(file) else {
      try FileSystem.makeFolder(path)
      return try AtomicFile.write(text: text, to: file)
    }
    let found = try FileReader.readText(file, limit: 1 << 20)
    guard found != text else { return }
    let before = try? JSONValue(parsing: found)
    let changed = Self.differences(before ?? .null, settings).joined(separator: ", ")
    throw CurationError(
      .setting, "\(path) holds pictures made with other settings: \(changed)",
      hint: "choose another --output, or repeat the settings in \(file)")
  }

  /// Paths of the values that differ, such as `settings.steps`.
  private static func differences(_ a: JSONValue, _ b: JSONValue, _ path: String = "") -> [String] {
    if a == b { return [] }
    guard let left = a.objectValue, let right = b.objectValue else {
      return [path.isEmpty ? "everything" : path]
    }
    return Set(left.keys).union(right.keys).sorted().flatMap { key in
      differences(
        left[key] ?? .null, right[key] ?? .null, path.isEmpty ? key : "\(path).\(key)")
    }
  }

  func name(_ order: Int) -> String {
    let text = String(order)
    return String(repeating: "0", count: max(0, 5 - text.count)) + text + ".png"
  }

  func has(_ order: Int) -> Bool { FileSystem.isFile(Paths.join(path, name(order))) }

  func put(_ picture: Picture, at order: Int) throws {
    try AtomicFile.write(
      try PictureEncoder.png(picture), to: Paths.join(path, name(order)))
  }
}
