internal import FoundationEssentials

/// Where ONNX Runtime is looked for.
public enum RuntimePlaces {
  /// The variable that names the library, or a folder that holds it.
  public static let variable = "D2R_ONNXRUNTIME"

  static let hint =
    "install it with: Scripts/install-models  (or set \(variable) to a libonnxruntime.so)"

  /// `$D2R_ONNXRUNTIME`, the folder of the binary, `runtime` in the install folder
  /// (`$D2R_HOME`, else `~/.local/share/d2r-curate`), then the system's own search. The variable,
  /// when set, is the only place. Without arguments the process's own environment and
  /// binary are meant.
  public static func standard(
    environment: [String: String]? = nil, binary: String? = nil
  ) -> [String] {
    let environment = environment ?? ProcessInfo.processInfo.environment
    if let chosen = environment[variable], !chosen.isEmpty {
      return [chosen.contains("/") ? chosen : "./" + chosen]
    }
    var places: [String] = []
    if let folder = folder(ofBinary: binary) { places.append(folder) }
    if let home = environment["D2R_HOME"], !home.isEmpty {
      places.append(home + "/runtime")
    } else if let home = environment["HOME"], !home.isEmpty {
      places.append(home + "/.local/share/d2r-curate/runtime")
    }
    return places + ["libonnxruntime.so.1", "libonnxruntime.so"]
  }

  /// The folder of the given binary, or of the running one with links resolved.
  private static func folder(ofBinary binary: String?) -> String? {
    let running = { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") }
    guard let path = binary ?? running(), let slash = path.lastIndex(of: "/") else { return nil }
    return String(path[..<slash])
  }

  /// The library a place stands for: the file itself, or the newest one in the folder. A file
  /// that does not exist, or a folder without one, gives nil.
  static func library(at place: String) -> String? {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else { return nil }
    guard isFolder else { return place }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    let newest = names.filter { $0.hasPrefix("libonnxruntime.so") }
      .max { versionNumbers($0).lexicographicallyPrecedes(versionNumbers($1)) }
    return newest.map { place + "/" + $0 }
  }

  private static func versionNumbers(_ name: String) -> [Int] {
    name.split(separator: ".").compactMap { Int($0) }
  }
}
