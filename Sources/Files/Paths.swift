import Glibc

/// Paths as text, with "/" between the parts. Nothing here but `absolute` asks the system.
public enum Paths {
  /// `folder/name`; `name` alone where it is absolute or the folder is empty.
  public static func join(_ folder: String, _ name: String) -> String {
    if folder.isEmpty || name.utf8.first == slash { return name }
    if name.isEmpty { return folder }
    return folder.utf8.last == slash ? folder + name : "\(folder)/\(name)"
  }

  /// The part after the last "/", trailing slashes aside; "/" for the root, "" for "".
  public static func lastComponent(_ path: String) -> String {
    let parts = path.utf8.split(separator: slash)
    return parts.last.map { String($0) ?? "" } ?? (path.isEmpty ? "" : "/")
  }

  /// The folder that holds `path`: "." for a bare name, "/" for the root.
  public static func parent(_ path: String) -> String {
    let bytes = Array(path.utf8)
    let end = (bytes.lastIndex { $0 != slash } ?? -1) + 1
    guard end > 0 else { return bytes.isEmpty ? "." : "/" }
    guard let cut = bytes[..<end].lastIndex(of: slash) else { return "." }
    let kept = bytes[..<cut].lastIndex { $0 != slash }.map { bytes[...$0] }
    return kept.map { String(decoding: $0, as: UTF8.self) } ?? "/"
  }

  /// The last component without its extension: "a" for "x/a.png", ".rc" for ".rc".
  public static func stem(_ path: String) -> String {
    let name = lastComponent(path)
    guard let dot = dot(in: name) else { return name }
    return String(name[..<dot])
  }

  /// The extension in small ASCII letters without its dot: "png" for "x/a.PNG"; "" where there is
  /// none, as in "a", ".rc" and "a.".
  public static func fileExtension(_ path: String) -> String {
    let name = lastComponent(path)
    guard let dot = dot(in: name) else { return "" }
    let letters = name.utf8[name.utf8.index(after: dot)...].map {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0
    }
    return String(decoding: letters, as: UTF8.self)
  }

  /// What is left of `path` below `folder`, "" where they are the same, nil where `path` is not
  /// inside. Both are compared as text after `normalised`.
  public static func relative(_ path: String, to folder: String) -> String? {
    let inner = normalised(path)
    let outer = normalised(folder)
    if inner == outer { return "" }
    if outer == "." { return inner.utf8.first == slash || inner.hasPrefix("..") ? nil : inner }
    let start = outer == "/" ? outer : outer + "/"
    guard inner.utf8.starts(with: start.utf8) else { return nil }
    return String(decoding: inner.utf8.dropFirst(start.utf8.count), as: UTF8.self)
  }

  /// The path from the root, seen from the current folder, and `normalised`.
  public static func absolute(_ path: String) -> String {
    if path.utf8.first == slash { return normalised(path) }
    return normalised(join(currentFolder(), path))
  }

  /// Without ".", doubled slashes, a trailing slash, and ".." where it can be resolved as text
  /// (links are not looked at); "." for what is empty then.
  public static func normalised(_ path: String) -> String {
    let isAbsolute = path.utf8.first == slash
    var parts: [String] = []
    for part in path.utf8.split(separator: slash) {
      switch String(part) ?? "" {
      case ".": continue
      case ".." where parts.last.map { $0 != ".." } ?? false: parts.removeLast()
      case ".." where isAbsolute: continue
      case let name: parts.append(name)
      }
    }
    let joined = parts.joined(separator: "/")
    return isAbsolute ? "/" + joined : (joined.isEmpty ? "." : joined)
  }

  private static let slash = UInt8(ascii: "/")

  /// The dot that begins the extension of `name`.
  private static func dot(in name: String) -> String.Index? {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex,
      name.utf8.index(after: dot) < name.endIndex
    else { return nil }
    return dot
  }

  private static func currentFolder() -> String {
    // With nil the system allocates the answer, which is freed as soon as it is copied.
    guard let folder = unsafe getcwd(nil, 0) else { return "/" }
    defer { unsafe free(folder) }
    return unsafe String(cString: folder)
  }
}
