internal import Files
internal import FoundationEssentials

/// One folder in a model folder: a model, or the reason why it is none.
public struct ModelEntry: Equatable, Sendable {
  /// The folder's name, which a sound model shares.
  public let name: String
  public let path: String
  /// Nil when broken.
  public let model: InstalledModel?
  /// Why it is broken.
  public let problem: EncodingError?

  public init(name: String, path: String, model: InstalledModel?, problem: EncodingError?) {
    self.name = name
    self.path = path
    self.model = model
    self.problem = problem
  }
}

/// The folder models are installed in: one folder per model, each with a `manifest.json`.
public struct ModelFolder: Sendable {
  public let root: String

  public init(root: String) { self.root = root }

  /// `models` in the install folder: `$D2R_HOME`, else `~/.local/share/d2r-curate`.
  public static func standard(environment: [String: String]? = nil) -> ModelFolder {
    let environment = environment ?? ProcessInfo.processInfo.environment
    if let home = environment["D2R_HOME"], !home.isEmpty {
      return ModelFolder(root: Paths.join(home, "models"))
    }
    return ModelFolder(
      root: Paths.join(environment["HOME"] ?? ".", ".local/share/d2r-curate/models"))
  }

  /// Every model, by name, broken ones with the reason. A missing root is an empty list.
  /// Files are looked for but not read; `verify` does that.
  public func list() -> [ModelEntry] {
    entries { model in
      for part in model.manifest.parts where !FileSystem.isFile(model.path(of: part)) {
        throw EncodingError(
          .fileDamaged, "model \(model.name): file \(model.path(of: part)) is missing",
          hint: InstalledModel.hint)
      }
    }
  }

  /// As `list`, with every file's SHA-256 computed and compared.
  public func verify() -> [ModelEntry] {
    entries { model in
      for part in model.manifest.parts { _ = try model.checked(part) }
    }
  }

  private func entries(_ check: (InstalledModel) throws -> Void) -> [ModelEntry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.sorted().filter { !$0.hasPrefix(".") }.compactMap { name in
      let path = Paths.join(root, name)
      return FileSystem.isFolder(path) ? entry(name, path, check) : nil
    }
  }

  private func entry(
    _ name: String, _ path: String, _ check: (InstalledModel) throws -> Void
  ) -> ModelEntry {
    do {
      let model = try InstalledModel(at: path)
      guard model.name == name else {
        throw EncodingError(
          .manifestInvalid, "\(path): field 'name' is '\(model.name)', the folder is '\(name)'")
      }
      try check(model)
      return ModelEntry(name: name, path: path, model: model, problem: nil)
    } catch {
      let problem =
        error as? EncodingError ?? EncodingError(.manifestInvalid, "\(path): \(error)")
      return ModelEntry(name: name, path: path, model: nil, problem: problem)
    }
  }

  /// The model of that name.
  ///
  /// - Throws: `modelMissing` naming those that are there, or why the one meant is broken.
  public func find(name: String) throws -> InstalledModel {
    let entries = list()
    if let entry = entries.first(where: { $0.name == name }) {
      if let problem = entry.problem { throw problem }
      if let model = entry.model { return model }
    }
    let known = entries.map(\.name).joined(separator: ", ")
    throw EncodingError(
      .modelMissing,
      "no model '\(name)' in \(root)" + (known.isEmpty ? "" : ", which holds \(known)"),
      hint: "install the default models with: Scripts/install-models")
  }

  /// The one sound model of a role and, for encoders, a space.
  ///
  /// - Throws: `modelMissing` where there is none, `modelAmbiguous` naming them where there are
  ///   several.
  public func find(role: ModelManifest.Role, space: String? = nil) throws -> InstalledModel {
    let fitting = list().compactMap(\.model).filter {
      $0.manifest.role == role && (space == nil || $0.manifest.space == space)
    }
    let wanted = "\(role)" + (space.map { " of space '\($0)'" } ?? "")
    guard let first = fitting.first else {
      throw EncodingError(
        .modelMissing, "no \(wanted) in \(root)",
        hint: "install the default models with: Scripts/install-models")
    }
    guard fitting.count == 1 else {
      throw EncodingError(
        .modelAmbiguous,
        "\(fitting.count) models can be the \(wanted): "
          + fitting.map(\.name).joined(separator: ", "),
        hint: "name one of them in the workspace's configuration")
    }
    return first
  }
}
