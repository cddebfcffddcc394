import Diagnostics
import Domain
import Files

/// The folder of one dataset: its settings, catalog, vectors, generated pictures and reports.
public struct Workspace: Sendable {
  static let settingsFile = "workspace.json"

  /// Absolute path of the folder.
  public let root: String
  public var settings: WorkspaceSettings

  public var catalogPath: String { Paths.join(root, "catalog.sqlite") }
  public var vectorsFolder: String { Paths.join(root, "vectors") }
  public var graphsFolder: String { Paths.join(root, "graphs") }
  public var generatedFolder: String { Paths.join(root, "generated") }
  /// Some refused candidates, by the path they would have had in `generatedFolder`.
  public var rejectedFolder: String { Paths.join(root, "rejected") }
  public var reportsFolder: String { Paths.join(root, "reports") }

  private init(root: String, settings: WorkspaceSettings) {
    self.root = root
    self.settings = settings
  }

  /// Makes the folder and its `workspace.json`; refuses a folder that is a workspace already.
  public static func create(at path: String, settings: WorkspaceSettings) throws -> Workspace {
    let root = Paths.absolute(path)
    guard !FileSystem.exists(Paths.join(root, settingsFile)) else {
      throw CurationError(
        .workspace, "\(path) is a workspace already", hint: "choose another folder")
    }
    let workspace = Workspace(root: root, settings: settings)
    for folder in [
      root, workspace.vectorsFolder, workspace.generatedFolder, workspace.reportsFolder,
    ] { try FileSystem.makeFolder(folder) }
    try workspace.save()
    return workspace
  }

  /// Opens the workspace at `path`.
  public static func open(_ path: String) throws -> Workspace {
    let root = Paths.absolute(path)
    let file = Paths.join(root, settingsFile)
    guard FileSystem.exists(file) else {
      throw CurationError(
        .workspace, "\(path) is not a workspace: it holds no \(settingsFile)",
        hint: "make one with: d2r-curate init \(path)")
    }
    let document = try JSONValue(parsing: FileReader.read(file))
    return Workspace(root: root, settings: try WorkspaceSettings(document: document))
  }

  /// The nearest folder upwards from `folder` that is a workspace, as git looks for its own.
  public static func enclosing(_ folder: String) -> String? {
    var folder = Paths.absolute(folder)
    while true {
      if FileSystem.exists(Paths.join(folder, settingsFile)) { return folder }
      let parent = Paths.parent(folder)
      if parent == folder { return nil }
      folder = parent
    }
  }

  /// Writes the settings back.
  public func save() throws {
    let text = settings.document.pretty + "\n"
    try AtomicFile.write(Array(text.utf8), to: Paths.join(root, Self.settingsFile))
  }
}
