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

  /// A row without a direction is an outcome with its reason, and the rest goes on.
  ///
  /// Throws where the file is no matrix of numbers, no row of it can be used, or the identifiers do
  /// not fit; then nothing is taken in.
  public func run(in context: StepContext) async throws -> StepReport {
    let vectors = try NumpyFile.readVectors(options.file)
    let bad = try unusable(vectors)
    let names = try names(count: vectors.count)
    let space = Space(
      name: options.space, width: vectors.width,
      encoderDigest: SHA256.hex(of: "imported vectors of \(options.encoder)"))
    let rejected = bad.keys.sorted().map { names[$0].id }
    guard !options.isDryRun else { return report(vectors, added: 0, rejected) }
    let source = try await context.catalog.source(
      population: options.population, root: Paths.absolute(options.file), layout: "vectors")
    context.progress.begin("importing", total: vectors.count, unit: "vectors")
    var added = 0
    for start in stride(from: 0, to: vectors.count, by: Self.batchSize) {
      let end = min(start + Self.batchSize, vectors.count)
      let rows = (start..<end).filter { bad[$0] == nil }
      var batch = try batch(
        vectors.rows(rows), names: rows.map { names[$0] }, source: source.id, space: space,
        in: context)
      batch.rejected = (start..<end).compactMap { row in
        bad[row].map { RejectedFile(path: names[row].id, reason: $0) }
      }
      added += try await context.catalog.commit(batch).added
      context.progress.advance(to: end)
    }
    context.progress.end(nil)
    return report(vectors, added: added, rejected)
  }

  private func report(_ vectors: Vectors, added: Int, _ rejected: [String]) -> StepReport {
    var lines = [
      """
      \(HumanNumbers.count(vectors.count)) vectors of \(vectors.width) values in space \
      \(options.space), \(HumanNumbers.count(added)) of them new
      """
    ]
    if !rejected.isEmpty {
      let more = rejected.count > 20 ? " and \(rejected.count - 20) more" : ""
      lines.append(
        """
        left out: \(rejected.count) rows are zero or not a number: \
        \(rejected.prefix(20).joined(separator: ", "))\(more)
        """)
    }
    return StepReport(
      Self.name, wasDone: added == 0, lines: lines,
      document: [
        "vectors": .int(vectors.count), "width": .int(vectors.width), "added": .int(added),
        "space": .string(options.space), "population": .string(options.population.rawValue),
        "rejected": .array(rejected.map { .string($0) }),
      ], hasFindings: !rejected.isEmpty)
  }

  /// Why rows have no direction, by row.
  private func unusable(_ vectors: Vectors) throws(CurationError) -> [Int: String] {
    var bad: [Int: String] = [:]
    for row in 0..<vectors.count {
      let values = vectors[row: row]
      if !values.allSatisfy(\.isFinite) {
        bad[row] = "the vector holds a value that is not a number"
      } else if values.allSatisfy({ $0 == 0 }) {
        bad[row] = "the vector is zero"
      }
    }
    guard bad.count < vectors.count || vectors.count == 0 else {
      throw CurationError(
        .badVectors,
        "no row of \(Paths.lastComponent(options.file)) has a direction: all are zero or not a number",
        hint: "check what wrote the file")
    }
    return bad
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
    var batch = IndexBatch(source: source)
    guard vectors.count > 0 else { return batch }
    let shard = try context.vectors.publish(vectors, space: space)
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
