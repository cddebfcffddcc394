import Cataloging
import Cryptography
import Diagnostics
public import Domain
import Files
import Interchange
import VectorStorage

/// Takes in vectors that come without pictures, so that every analysis works on vectors alone.
public struct ImportStep: Sendable {
  public static let name = "import"
  /// Rows per commit.
  static let batchSize = 8192

  /// What to take in.
  public struct Options: Equatable, Sendable {
    /// A `.npy` file of float32 rows.
    public var file: String
    public var space: String
    public var population: Population
    /// A CSV with columns `id` and `identity`, one line per row; nil numbers the rows.
    public var identifiers: String?
    /// What made the vectors; vectors of different encoders are never compared.
    public var encoder: String
    /// Looks at everything and takes nothing in.
    public var isDryRun = false

    public init(file: String, space: String, population: Population) {
      self.file = file
      self.space = space
      self.population = population
      encoder = "imported"
    }
  }

  let options: Options

  public init(_ options: Options) { self.options = options }

  /// Throws where the file is no matrix of numbers, holds a row that is no vector, or the
  /// identifiers do not fit; then nothing is taken in.
  public func run(in context: StepContext) async throws -> StepReport {
    let vectors = try NumpyFile.readVectors(options.file)
    try check(vectors)
    let names = try names(count: vectors.count)
    let space = Space(
      name: options.space, width: vectors.width,
      encoderDigest: SHA256.hex(of: "imported vectors of \(options.encoder)"))
    guard !options.isDryRun else { return report(vectors, added: 0) }
    let source = try await context.catalog.source(
      population: options.population, root: Paths.absolute(options.file), layout: "vectors")
    context.progress.begin("importing", total: vectors.count, unit: "vectors")
    var added = 0
    for start in stride(from: 0, to: vectors.count, by: Self.batchSize) {
      let rows = start..<min(start + Self.batchSize, vectors.count)
      let batch = try batch(
        vectors.rows(rows), names: Array(names[rows]), source: source.id, space: space,
        in: context)
      added += try await context.catalog.commit(batch).added
      context.progress.advance(to: rows.upperBound)
    }
    context.progress.end(nil)
    return report(vectors, added: added)
  }

  private func report(_ vectors: Vectors, added: Int) -> StepReport {
    StepReport(
      Self.name, wasDone: added == 0,
      lines: [
        """
        \(HumanNumbers.count(vectors.count)) vectors of \(vectors.width) values in space \
        \(options.space), \(HumanNumbers.count(added)) of them new
        """
      ],
      document: [
        "vectors": .int(vectors.count), "width": .int(vectors.width), "added": .int(added),
        "space": .string(options.space), "population": .string(options.population.rawValue),
      ])
  }

  private func check(_ vectors: Vectors) throws(CurationError) {
    let bad = (0..<vectors.count).filter { row in
      let values = vectors[row: row]
      return values.allSatisfy { $0 == 0 } || !values.allSatisfy(\.isFinite)
    }
    guard bad.isEmpty else {
      throw CurationError(
        .badVectors,
        """
        \(bad.count) rows of \(Paths.lastComponent(options.file)) have no direction (zero or not a \
        number): rows \(bad.prefix(5).map(String.init).joined(separator: ", "))
        """, hint: "leave these rows out and import again")
    }
  }

  private func names(count: Int) throws -> [(id: String, identity: String?)] {
    guard let file = options.identifiers else { return (0..<count).map { ("\($0)", nil) } }
    let rows = try Identifiers.read(file).rows
    guard rows.count == count else {
      throw CurationError(
        .missingInput,
        "\(Paths.lastComponent(file)) has \(rows.count) lines for \(count) vectors",
        hint: "give one line per row, in the rows' order, under a header id,identity")
    }
    return rows.map { ($0.id, $0.identity) }
  }

  private func batch(
    _ vectors: Vectors, names: [(id: String, identity: String?)], source: Int64, space: Space,
    in context: StepContext
  ) throws -> IndexBatch {
    let shard = try context.vectors.publish(vectors, space: space)
    var batch = IndexBatch(source: source)
    batch.items = names.enumerated().map { row, name in
      IndexedImage(
        path: name.id, identity: name.identity.map { .named($0) } ?? .none,
        facts: ImageFacts(digest: nil))
    }
    batch.shards = [
      IndexShard(
        space: space, file: shard.file, rowCount: shard.rowCount,
        digest: Hex.string(shard.digest), rows: names.indices.map { .init(item: $0, row: $0) })
    ]
    return batch
  }
}
