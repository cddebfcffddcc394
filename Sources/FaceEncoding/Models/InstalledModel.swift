internal import Cryptography
internal import Files
public import Inference

/// A model whose manifest is sound.
public struct InstalledModel: Equatable, Sendable {
  /// The folder that holds the manifest and the files.
  public let folder: String
  public let manifest: ModelManifest

  public init(folder: String, manifest: ModelManifest) {
    self.folder = folder
    self.manifest = manifest
  }

  /// Reads `manifest.json` in a folder, or the manifest file itself.
  ///
  /// - Throws: `modelMissing` where there is none, `manifestInvalid` naming the wrong field.
  public init(at path: String) throws {
    let file = FileSystem.isFolder(path) ? Paths.join(path, Self.manifestName) : path
    guard FileSystem.isFile(file) else {
      throw EncodingError(
        .modelMissing, "there is no manifest at \(file)",
        hint: "name a folder that holds a manifest.json; docs/models.md says what goes in it")
    }
    // A manifest is a page of text; a longer file is something else.
    let bytes = try FileReader.read(file, limit: 1 << 20)
    self.init(folder: Paths.parent(file), manifest: try ModelManifest(json: bytes, name: file))
  }

  static let manifestName = "manifest.json"

  public var name: String { manifest.name }

  /// Where a part's file is.
  public func path(of part: String) -> String {
    Paths.join(folder, manifest.files[part]?.file ?? part)
  }

  /// SHA-256, in hex, over everything that changes the model's answers: weights, preprocessing
  /// and the way it is driven. Name, licence, source, note, thresholds and file names are left
  /// out, so that correcting them makes no embedding stale.
  public var digest: String { SHA256.hex(of: manifest.canonicalText) }

  /// The content of a part's file.
  ///
  /// - Throws: `fileDamaged` when it is missing or is not what the manifest's SHA-256 says.
  public func bytes(of part: String) throws -> [UInt8] {
    let content = try checked(part)
    return content.bytes(0..<content.byteCount)
  }

  /// A part's file in memory as far as it is touched, its SHA-256 checked; for files that are large.
  ///
  /// - Throws: as `bytes(of:)`.
  func checked(_ part: String) throws -> MappedFile {
    let path = path(of: part)
    guard FileSystem.isFile(path) else {
      throw EncodingError(
        .fileDamaged, "model \(name): file \(path) is missing", hint: Self.hint)
    }
    let content = try MappedFile(path)
    let found = Hex.string(content.withBytes { SHA256.digest(of: $0) })
    guard found == manifest.files[part]?.sha256 else {
      throw EncodingError(
        .fileDamaged,
        "model \(name): file \(path) has SHA-256 \(found),"
          + " its manifest says \(manifest.files[part]?.sha256 ?? "nothing")",
        hint: Self.hint)
    }
    return content
  }

  /// Checks every part's file, and says how many bytes they have together.
  ///
  /// - Throws: as `bytes(of:)`.
  public func checkParts() throws -> Int {
    try manifest.parts.reduce(0) { try $0 + checked($1).byteCount }
  }

  /// True where a part's file holds the text, as the name of an operator is held by a graph.
  public func part(_ part: String, mentions text: String) throws -> Bool {
    try MappedFile(path(of: part)).firstPlace(of: Array(text.utf8)) != nil
  }

  static let hint = "install it again with: Scripts/install-models"

  /// Opens a part's network by its path, for graphs whose weights lie beside them or that are too
  /// large to be in memory twice. `checkParts` must have been asked before.
  public func sessionByPath(
    of part: String, options: SessionOptions = SessionOptions(), runtime: InferenceRuntime
  ) throws -> Session {
    try Session(path: path(of: part), options: options, runtime: runtime)
  }

  /// Opens a part's network from the very bytes that were checked.
  public func session(
    of part: String = "main", options: SessionOptions = SessionOptions(),
    runtime: InferenceRuntime
  ) throws -> Session {
    try Session(
      bytes: try bytes(of: part), name: "\(name)/\(part)", options: options, runtime: runtime)
  }
}

extension ModelManifest {
  /// What the digest is taken over: one `key value` line per fact, in a fixed order.
  var canonicalText: String {
    var lines = ["d2r-model 1", "role \(role)", "kind \(kind)", "space \(space ?? "-")"]
    lines += files.sorted { $0.key < $1.key }.map { "file \($0.key) \($0.value.sha256)" }
    lines.append("input \(input.name) \(side(input.width)) \(side(input.height))")
    lines.append("channels \(input.channels)")
    lines.append("mean \(input.mean)")
    lines.append("std \(input.std)")
    lines.append("resize \(input.resize)")
    lines.append("alignment \(input.alignment?.rawValue ?? "-")")
    if let output {
      lines.append("output \(output.name) \(output.width) \(side(output.height))")
      lines.append("range \(output.range ?? [])")
    }
    lines.append("latent \(side(latent))")
    if let identity { lines.append("identity \(identity) \(identityEncoder ?? "-")") }
    lines += diffusion?.canonicalLines ?? []
    lines += remote?.canonicalLines ?? []
    lines += exec?.canonicalLines ?? []
    return lines.joined(separator: "\n") + "\n"
  }

  private func side(_ value: Int?) -> String { value.map(String.init) ?? "-" }
}
