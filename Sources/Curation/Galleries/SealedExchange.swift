import Cataloging
import Cryptography
import Diagnostics
import Domain
import Files
public import VectorStorage

/// A sealed gallery as one file, to be handed to someone who holds the key.
///
/// Inside the seal: eight bytes, the length of a JSON document (little endian); the document, with
/// the gallery's name, digest and its rows' opaque names; then an ordinary shard.
public enum SealedExchange {
  static let format = 1

  /// Writes the gallery `name` to `path`, under `key` where one is given and else its own key.
  public static func export(
    _ name: String, to path: String, under key: SealingKey?, in context: StepContext
  ) async throws -> StepReport {
    let gallery = try await SealedPurge.gallery(named: name, in: context)
    guard let shard = try await context.catalog.shards(ofGallery: gallery.id).first else {
      throw CurationError(.missingInput, "the gallery \(name) holds no vectors")
    }
    let own = try context.vectors.key(of: shard.file)
    let filter = ImageFilter(source: gallery.source, includesQuarantined: true)
    let table = try await context.catalog.embeddings(
      in: shard.space.name, encoder: shard.space.encoderDigest, of: filter)
    try await context.catalog.log(context.access(.exported), gallery: gallery.id)
    let rows = try context.vectors.gather(
      table.locations.map { (file: table.shards[$0.shard].file, row: $0.row) }, space: table.space)
    let images = try await context.catalog.images(filter)
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    let document: JSONValue = [
      "kind": "gallery", "format": .int(format), "name": .string(gallery.name),
      "digest": .string(gallery.digest),
      "rows": .array(
        table.locations.map { location in
          [
            "id": .string(byID[location.image]?.path ?? ""),
            "identity": JSONValue(byID[location.image]?.identityName) { .string($0) },
          ]
        }),
    ]
    let head = Array(document.compact.utf8)
    var plain = (0..<8).map { UInt8(truncatingIfNeeded: head.count >> (8 * $0)) }
    plain += head
    plain += try context.vectors.shardBytes(rows, space: table.space)
    try SealedFile.writeGallery(plain, to: path, by: key ?? own)
    let keyID = (key ?? own).id
    return StepReport(
      "export", wasDone: false,
      lines: [
        "gallery \(name): \(HumanNumbers.count(rows.count)) vectors, sealed by key \(keyID)"
      ],
      document: [
        "name": .string(name), "vectors": .int(rows.count), "key": .string(keyID),
        "digest": .string(gallery.digest),
      ])
  }

  /// Takes in a gallery's file; it is sealed by the same key here.
  /// - Throws: where no key opens it, a byte of it was changed, or the name is taken.
  public static func `import`(
    _ path: String, as given: String?, with keys: KeyRing, in context: StepContext
  ) async throws -> StepReport {
    let (plain, key) = try SealedFile.readGallery(path, with: keys)
    let content = try Content(plain, of: path)
    let name = given ?? content.name
    guard try await !context.catalog.galleries().contains(where: { $0.name == name }) else {
      throw CurationError(
        .missingInput, "a gallery is named \(name) already",
        hint: "choose another with --name NAME")
    }
    let shard = try context.vectors.publishSealed(content.vectors, space: content.space, key: key)
    let source = try await context.catalog.source(
      population: .reference, root: "sealed:\(name)", layout: Catalog.sealedLayout)
    var batch = IndexBatch(source: source.id)
    batch.items = content.rows.map { row in
      IndexedImage(
        path: row.id, identity: row.identity.map { .named($0) } ?? .none, facts: ImageFacts())
    }
    batch.shards = [
      IndexShard(
        space: content.space, file: shard.file, rowCount: shard.rowCount,
        digest: Hex.string(shard.digest), rows: content.vectors.indices)
    ]
    try await context.catalog.add(
      NewGallery(
        source: source.id, name: name, keyID: key.id, digest: content.digest,
        vectors: content.vectors.count), with: batch, access: context.access(.imported))
    return StepReport(
      "import", wasDone: false,
      lines: [
        "gallery \(name): \(HumanNumbers.count(content.vectors.count)) vectors in space "
          + "\(content.space.name), sealed by key \(key.id)"
      ],
      document: [
        "name": .string(name), "vectors": .int(content.vectors.count), "key": .string(key.id),
        "digest": .string(content.digest),
      ])
  }

  /// What is inside the seal.
  private struct Content {
    var name: String
    var digest: String
    var rows: [(id: String, identity: String?)]
    var space: Space
    var vectors: Vectors

    init(_ plain: [UInt8], of path: String) throws {
      let damaged = CurationError(
        .missingInput, "the gallery in \(Paths.lastComponent(path)) contradicts itself",
        hint: "ask for it again")
      guard plain.count >= 8 else { throw damaged }
      let length = plain[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard let length = Int(exactly: length), length <= plain.count - 8 else { throw damaged }
      let document = try JSONValue(parsing: Array(plain[8..<8 + length]))
      guard document["format"]?.intValue == SealedExchange.format,
        let name = document["name"]?.stringValue, let digest = document["digest"]?.stringValue,
        let rows = document["rows"]?.arrayValue
      else { throw damaged }
      self.name = name
      self.digest = digest
      self.rows = rows.map { ($0["id"]?.stringValue ?? "", $0["identity"]?.stringValue) }
      (space, vectors) = try VectorStore.read(
        shard: Array(plain[(8 + length)...]), of: Paths.lastComponent(path))
      guard self.rows.count == vectors.count, SealedGallery.digest(vectors, space: space) == digest
      else { throw damaged }
    }
  }
}
