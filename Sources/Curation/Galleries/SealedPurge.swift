import Cataloging
public import Diagnostics
import Files
import VectorStorage

/// Destroys a sealed gallery and states what was destroyed.
public enum SealedPurge {
  public static let kind = "purge-statement"

  /// How to purge.
  public struct Request: Sendable {
    public var name: String
    /// The file of the key to be destroyed too.
    public var keyFile: String?
    /// ISO 8601.
    public var time: String

    public init(name: String, keyFile: String?, time: String) {
      self.name = name
      self.keyFile = keyFile
      self.time = time
    }
  }

  /// The sealed gallery of this name.
  static func gallery(
    named name: String, in context: StepContext
  ) async throws -> GalleryRecord {
    let all = try await context.catalog.galleries()
    guard let gallery = all.first(where: { $0.name == name }) else {
      throw CurationError(
        .missingInput, "there is no sealed gallery named \(name)",
        hint: "see which there are: d2r-curate gallery list")
    }
    guard gallery.state == .sealed else {
      throw CurationError(
        .missingInput, "the gallery \(name) was purged",
        hint: "see when: d2r-curate gallery log")
    }
    return gallery
  }

  /// Overwrites and removes the gallery's files, and its key's where one is named, then takes its
  /// vectors out of the catalog.
  /// - Returns: the statement to be signed.
  /// - Throws: before anything is destroyed, where the gallery or the key file is not there, or the
  ///   key is another's.
  public static func run(_ request: Request, in context: StepContext) async throws -> JSONValue {
    let gallery = try await gallery(named: request.name, in: context)
    let shards = try await context.catalog.shards(ofGallery: gallery.id)
    if let path = request.keyFile {
      let key = try SealingKey.read(path)
      guard key.id == gallery.keyID else {
        throw CurationError(
          .missingInput,
          "\(Paths.lastComponent(path)) holds the key \(key.id), and the gallery's is "
            + gallery.keyID, hint: "name the gallery's own key, or purge without it")
      }
    }
    for shard in shards { try context.vectors.destroy(shard.file) }
    if let path = request.keyFile { try PrivateFile.destroy(path) }
    try await context.catalog.purge(gallery: gallery.id, access: context.access(.purged))
    return [
      "kind": .string(kind), "format": 1, "issuedAt": .string(request.time),
      "tool": ["name": "d2r-curate", "version": .string(context.toolVersion)],
      "gallery": [
        "name": .string(gallery.name), "digest": .string(gallery.digest),
        "vectors": .int(gallery.vectors), "key": .string(gallery.keyID),
        "sealedAt": .string(gallery.sealedAt),
      ],
      "destroyed": [
        "files": .array(
          shards.map { ["digest": .string($0.digest), "vectors": .int($0.rowCount)] }),
        "key": .bool(request.keyFile != nil),
      ],
      "means": [
        "the encrypted files were overwritten with zeros, flushed and removed",
        .string(meaning(ofKey: request.keyFile != nil)),
        "disks that write elsewhere instead (flash, snapshots) may keep old encrypted bytes",
      ],
    ]
  }

  private static func meaning(ofKey isDestroyed: Bool) -> String {
    isDestroyed
      ? "the key's file was overwritten and removed: without another copy of the key no copy of "
        + "the files can be opened"
      : "the key was not destroyed here: who holds it can open other copies of the files"
  }

  /// What of a purged gallery is still in a workspace; empty where nothing is.
  public static func remains(
    of statement: JSONValue, in context: StepContext
  ) async throws -> [String] {
    guard let name = statement["gallery"]?["name"]?.stringValue,
      let digest = statement["gallery"]?["digest"]?.stringValue
    else { return ["the statement names no gallery"] }
    var problems: [String] = []
    for gallery in try await context.catalog.galleries()
    where gallery.digest == digest && gallery.state == .sealed {
      problems.append("the same templates are here as the sealed gallery \(gallery.name)")
    }
    let files = (statement["destroyed"]?["files"]?.arrayValue ?? []).compactMap {
      $0["digest"]?.stringValue
    }
    for shard in try await context.catalog.shards() where files.contains(shard.digest) {
      problems.append("the shard \(shard.file) of the gallery \(name) is still on record")
    }
    return problems
  }
}
