internal import Files

extension ModelFolder {
  /// Copies a model in: all of it or, on any failure, nothing.
  ///
  /// - Parameters:
  ///   - source: a folder with `manifest.json`, or a manifest file with the model's files beside it;
  ///     or a folder with `pipeline.json`, see `PipelineFile`.
  ///   - name: for a pipeline, instead of its own.
  /// - Returns: the installed model.
  /// - Throws: `manifestInvalid`; `fileDamaged` when a file is missing or its SHA-256 is wrong;
  ///   `nameTaken` when a model of that name is there.
  @discardableResult
  public func add(from source: String, name: String? = nil) throws -> InstalledModel {
    let model = try InstalledModel(source: source, name: name)
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
        let file = Paths.join(folder, Paths.lastComponent(path))
        // The very bytes that were checked.
        let content = try model.checked(part)
        try AtomicFile.write(to: file) { (sink) throws(FilesError) in
          try content.withBytes { (bytes) throws(FilesError) in try sink.append(bytes) }
        }
        if model.manifest.kind == .exec, FileSystem.isExecutable(path) {
          try FileSystem.makeExecutable(file)
        }
      }
      try AtomicFile.write(json, to: Paths.join(folder, InstalledModel.manifestName))
    }
    return InstalledModel(folder: target, manifest: model.manifest)
  }
}

extension InstalledModel {
  /// Reads what `ModelFolder.add` takes.
  ///
  /// - Throws: as `init(at:)`.
  public init(source: String, name: String? = nil) throws {
    let pipeline = Paths.join(source, PipelineFile.name)
    let own = Paths.join(source, Self.manifestName)
    if FileSystem.isFile(pipeline), !FileSystem.isFile(own) {
      self = try PipelineFile(folder: source).model(name: name)
    } else {
      try self.init(at: source)
    }
  }
}
