import Cataloging
import Cryptography
import Diagnostics
public import Domain
import LinearAlgebra
public import VectorStorage

/// Turns an indexed gallery into a sealed one: what stays are encrypted vectors under opaque names.
///
/// Kept is one space alone. The pixel space would be a small picture of everybody. The plain shards
/// are overwritten and removed, and paths, identity names, landmarks and digests leave the catalog.
public struct SealedGallery: Sendable {
  /// What to seal.
  public struct Options: Sendable {
    public var population: Population
    public var space: String
    public var name: String
    public var key: SealingKey

    public init(population: Population, name: String, key: SealingKey) {
      self.population = population
      space = Space.identity
      self.name = name
      self.key = key
    }
  }

  let options: Options

  public init(_ options: Options) { self.options = options }

  /// - Returns: a line per gallery: one for each indexed folder of the population.
  /// - Throws: where the population has nothing to seal.
  public func run(in context: StepContext) async throws -> StepReport {
    let sources = try await Self.openSources(options.population, in: context)
    let leftovers = try await removeLeftovers(in: context)
    if sources.isEmpty, leftovers > 0 {
      return StepReport(
        "seal", wasDone: false,
        lines: ["finished a sealing that was cut off: \(leftovers) plain shards removed"],
        document: ["galleries": [], "removed": .int(leftovers)])
    }
    guard !sources.isEmpty else {
      throw CurationError(
        .missingInput, "there is no open \(options.population.rawValue) gallery to seal",
        hint: "index one first: d2r-curate index FOLDER --population "
          + options.population.rawValue)
    }
    var lines: [String] = []
    var documents: [JSONValue] = []
    for (number, source) in sources.enumerated() {
      let name = sources.count == 1 ? options.name : "\(options.name)-\(number + 1)"
      let gallery = try await seal(source, as: name, in: context)
      lines.append(
        "gallery \(name): \(HumanNumbers.count(gallery.vectors)) vectors sealed by key "
          + "\(gallery.keyID); no picture, path or name is kept")
      documents.append([
        "name": .string(name), "vectors": .int(gallery.vectors), "key": .string(gallery.keyID),
        "digest": .string(gallery.digest),
      ])
    }
    return StepReport(
      "seal", wasDone: false, lines: lines, document: ["galleries": .array(documents)])
  }

  /// Plain shards that nobody names, where a gallery is sealed: what a sealing that was cut off may
  /// leave. Shards of an index run that was cut off are made again by its rerun.
  private func removeLeftovers(in context: StepContext) async throws -> Int {
    guard try await !context.catalog.galleries().isEmpty else { return 0 }
    let known = Set(try await context.catalog.shards().map(\.file))
    let files = try context.vectors.orphans(known: known).filter { !VectorStore.isSealed($0) }
    for file in files { try context.vectors.destroy(file) }
    return files.count
  }

  /// Sources of a population that are not sealed.
  static func openSources(
    _ population: Population, in context: StepContext
  ) async throws -> [SourceRecord] {
    try await context.catalog.sources().filter {
      $0.population == population && $0.layout != Catalog.sealedLayout
    }
  }

  private func seal(
    _ source: SourceRecord, as name: String, in context: StepContext
  ) async throws -> NewGallery {
    let filter = ImageFilter(
      populations: [options.population], source: source.id, includesQuarantined: true)
    let space = try await context.space(named: options.space)
    let table = try await context.catalog.embeddings(
      in: space.name, encoder: space.encoderDigest, of: filter)
    guard !table.locations.isEmpty else {
      throw CurationError(
        .missingInput,
        "no \(options.population.rawValue) image has a vector in space \(options.space)",
        hint: "index the folder again, or name another space")
    }
    let rows = try context.vectors.gather(
      table.locations.map { (file: table.shards[$0.shard].file, row: $0.row) }, space: table.space)
    let shard = try context.vectors.publishSealed(rows, space: table.space, key: options.key)
    let gallery = NewGallery(
      source: source.id, name: name, keyID: options.key.id,
      digest: Self.digest(rows, space: table.space), vectors: rows.count)
    let key = options.key
    let freed = try await context.catalog.seal(
      gallery,
      rows: SealedRows(
        shard: IndexShard(
          space: table.space, file: shard.file, rowCount: shard.rowCount,
          digest: Hex.string(shard.digest), rows: rows.indices),
        images: table.locations.map(\.image)),
      access: context.access(.sealed), renaming: { key.opaqueName(of: $0) })
    for file in freed { try context.vectors.destroy(file) }
    return gallery
  }

  /// The gallery's digest, as a certificate states it.
  static func digest(_ rows: Vectors, space: Space) -> String {
    CertificateCommitments.gallery(rows.unitRows().vectors, space: space).root
  }
}

extension Vectors {
  /// One shard row per item, in order.
  var indices: [IndexShard.Row] { (0..<count).map { IndexShard.Row(item: $0, row: $0) } }
}
