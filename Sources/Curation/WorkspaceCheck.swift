public import Cataloging
import Cryptography
import Domain
import Files
import VectorStorage

/// Compares everything a workspace holds with everything its catalog says.
public struct WorkspaceCheck: Sendable {
  /// One disagreement.
  public struct Problem: Equatable, Sendable {
    /// A file, relative to the workspace or to its indexed folder, or a table.
    public var subject: String
    public var message: String
  }

  /// What was looked at and what was found.
  public struct Result: Equatable, Sendable {
    public var problems: [Problem] = []
    public var shards = 0
    /// Shards nobody names: what a cut-off run may leave. Harmless; the rerun takes them up.
    public var unnamedShards = 0
    public var pictures = 0
    /// How far the ledger has come.
    public var ledger = LedgerHead(count: 0, hash: "")
    /// SHA-256, in hex, over the catalog's content and the shards it names.
    public var contentDigest = ""
  }

  let hashesPictures: Bool
  let ignoresRoots: Bool
  /// A head that was noted earlier: the ledger must continue it.
  public var notedLedger: LedgerHead?

  public init(hashesPictures: Bool, ignoresRoots: Bool) {
    self.hashesPictures = hashesPictures
    self.ignoresRoots = ignoresRoots
  }

  /// Reads everything; finds every disagreement rather than stopping at the first.
  public func run(in context: StepContext) async throws -> Result {
    var result = Result()
    result.problems = try await context.catalog.check().map {
      Problem(subject: $0.subject, message: $0.message)
    }
    try await checkLedger(in: context, &result)
    try await checkShards(in: context, &result)
    try await checkGraphs(in: context, &result)
    try await checkPictures(in: context, &result)
    result.contentDigest = try await context.catalog.contentDigest(ignoringRoots: ignoresRoots)
    return result
  }

  private func checkLedger(in context: StepContext, _ result: inout Result) async throws {
    result.ledger = try await context.catalog.ledgerHead()
    let lookup = try await ImageLookup(in: context.catalog)
    let left = try await PurgeStep.leftovers(in: context, lookup)
    for file in left.files + left.shards {
      result.problems.append(
        Problem(
          subject: Paths.lastComponent(file),
          message: "it was purged and is still there: finish with quarantine purge --yes"))
    }
    guard let notedLedger,
      let message = try await context.catalog.disagreement(with: notedLedger)
    else { return }
    result.problems.append(Problem(subject: "ledger", message: message))
  }

  private func checkShards(in context: StepContext, _ result: inout Result) async throws {
    let shards = try await context.catalog.shards()
    result.unnamedShards = try context.vectors.orphans(known: Set(shards.map(\.file))).count
    context.progress.begin("checking vectors", total: shards.count, unit: "shards")
    for (done, shard) in shards.enumerated() {
      result.shards += 1
      let problem = context.vectors.check(shard.file, expectedDigest: Hex.bytes(shard.digest))
      if let problem {
        result.problems.append(Problem(subject: "vectors/\(shard.file)", message: problem.message))
      }
      context.progress.advance(to: done + 1)
    }
    context.progress.end(nil)
  }

  /// A graph that is gone is searched for again and no problem; one that is damaged is.
  private func checkGraphs(in context: StepContext, _ result: inout Result) async throws {
    let store = PairGraphStore(root: context.workspace.graphsFolder)
    for graph in try await context.catalog.pairGraphs() {
      guard FileSystem.exists(Paths.join(store.root, graph.file)),
        let message = store.check(graph.file)
      else { continue }
      result.problems.append(Problem(subject: "graphs/\(graph.file)", message: message))
    }
  }

  private func checkPictures(in context: StepContext, _ result: inout Result) async throws {
    let sources = try await context.catalog.sources()
    let roots = Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0) })
    let images = try await context.catalog.images(ImageFilter(includesQuarantined: true))
    context.progress.begin("checking pictures", total: images.count, unit: "pictures")
    for (done, image) in images.enumerated() {
      context.progress.advance(to: done + 1)
      guard let digest = image.facts.digest, let source = roots[image.source] else { continue }
      guard hashesPictures || image.population == .generated else { continue }
      result.pictures += 1
      if let message = disagreement(Paths.join(source.root, image.path), digest) {
        result.problems.append(
          Problem(subject: "\(image.population.rawValue)/\(image.path)", message: message))
      }
    }
    context.progress.end(nil)
  }

  private func disagreement(_ path: String, _ digest: String) -> String? {
    do {
      let found = SHA256.hex(of: try FileReader.read(path))
      return found == digest ? nil : "the file is not the one that was indexed"
    } catch {
      return "the file cannot be read"
    }
  }
}
