import Cataloging
import Curation
import Diagnostics
import Domain
import Foundation
import Testing
import VectorSearch
import VectorStorage

/// What an encoder that answers nonsense leaves in a workspace.
@Suite struct LeaksStepTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "d2r-\(UUID().uuidString)").path
  private let space = Space(
    name: Space.identity, width: 3, encoderDigest: String(repeating: "a", count: 64))

  private func context() throws -> StepContext {
    let workspace = try Workspace.create(at: folder, settings: WorkspaceSettings(name: "test"))
    let catalog = try Catalog.create(path: workspace.catalogPath, clock: { "now" })
    return StepContext(
      workspace: workspace, catalog: catalog, vectors: VectorStore(root: workspace.vectorsFolder),
      progress: SilentProgress(), running: RunOptions(seed: 1, threads: 2, toolVersion: "t"))
  }

  private func enter(
    _ rows: [[Float]], as population: Population, in context: StepContext
  ) async throws {
    let vectors = Vectors(width: 3, rows: rows)
    let shard = try context.vectors.publish(vectors, space: space)
    let source = try await context.catalog.source(
      population: population, root: "/\(population)", layout: "vectors")
    var batch = IndexBatch(source: source.id)
    batch.items = rows.indices.map {
      IndexedImage(path: "\($0)", identity: .named("i\($0)"), facts: ImageFacts(digest: nil))
    }
    batch.shards = [
      IndexShard(
        space: space, file: shard.file, rowCount: rows.count,
        digest: shard.digest.map { String(format: "%02x", $0) }.joined(),
        rows: rows.indices.map { .init(item: $0, row: $0) })
    ]
    _ = try await context.catalog.commit(batch)
  }

  @Test func `images whose vector has no direction are left out and named`() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let context = try context()
    try await enter([[1, 0, 0], [0, 0, 0], [.nan, 1, 0]], as: .digital, in: context)
    try await enter([[1, 0, 0], [0, 1, 0], [0, 0, 0]], as: .reference, in: context)
    var options = LeaksStep.Options()
    options.threshold = .similarity(CosineSimilarity(0.9))
    options.review = options.threshold
    let report = try await LeaksStep(options, builder: FaissIndexBuilder(threads: 1))
      .run(in: context)
    #expect(report.document["leaks"]?.intValue == 1)
    #expect(report.document["comparisons"]?.intValue == 2)
    #expect(report.document["leftOut"]?.arrayValue?.compactMap(\.intValue) == [2, 3, 6])
    #expect(report.lines.contains { $0.contains("images 2, 3, 6") }, "\(report.lines)")
    var other = CollisionsStep.Options()
    other.threshold = options.threshold
    let collisions = try await CollisionsStep(other, builder: FaissIndexBuilder(threads: 1))
      .run(in: context)
    #expect(collisions.document["leftOut"]?.arrayValue?.count == 2)
    #expect(collisions.lines.contains { $0.contains("images 2, 3") })
  }
}
