internal import Files

extension ModelFolder {
  /// Copies a model in: all of it or, on any failure, nothing.
  ///
  /// - Parameter source: a folder with `manifest.json`, or a manifest file with the model's files
  ///   beside it.
  /// - Returns: the installed model.
  /// - Throws: `manifestInvalid`; `fileDamaged` when a file is missing or its SHA-256 is wrong;
  ///   `nameTaken` when a model of that name is there.
  @discardableResult
  public func add(from source: String) throws -> InstalledModel {
    let model = try InstalledModel(at: source)
    let target = Paths.join(root, model.name)
    guard !FileSystem.exists(target) else {
      throw EncodingError(
        .nameTaken, "a model named '\(model.name)' is in \(root) already",
        hint: "give the new one another name in its manifest, or remove the old one")
    }
    let json = try model.manifest.json()
    try FileSystem.makeFolder(root)
    try AtomicFolder.publish(to: target) { folder in
      for part in model.manifest.parts {
        let path = model.path(of: part)
        let copy = Paths.join(folder, Paths.lastComponent(path))
        try AtomicFile.write(try model.bytes(of: part), to: copy)
        if model.manifest.kind == .exec, FileSystem.isExecutable(path) {
          try FileSystem.makeExecutable(copy)
        }
      }
      try AtomicFile.write(json, to: Paths.join(folder, InstalledModel.manifestName))
    }
    return InstalledModel(folder: target, manifest: model.manifest)
  }
}
