import Cataloging
public import Domain
import Execution
import Files
public import Interchange
import VectorStorage

/// Reads the pictures of one folder, embeds every new one in each space, and commits them batch by
/// batch: vectors first, then the catalog rows that make them real.
public struct IndexStep: Sendable {
  public static let name = "index"

  /// What to index.
  public struct Options: Equatable, Sendable {
    /// The folder of pictures.
    public var root: String
    public var population: Population
    /// Nil finds the layout out.
    public var layout: DatasetLayout?
    /// Files per commit: what is lost at most when the run is cut off.
    public var batchSize: Int
    /// Tries files again that were rejected with the same content before.
    public var retriesRejected: Bool

    public init(
      root: String, population: Population, layout: DatasetLayout? = nil, batchSize: Int = 128,
      retriesRejected: Bool = false
    ) {
      self.root = root
      self.population = population
      self.layout = layout
      self.batchSize = batchSize
      self.retriesRejected = retriesRejected
    }
  }

  let options: Options
  let chain: EmbeddingChain
  /// Digest of the generator that latents found beside pictures belong to.
  let generatorDigest: String?

  public init(_ options: Options, chain: EmbeddingChain, generatorDigest: String? = nil) {
    self.options = options
    self.chain = chain.suited(to: options.population)
    self.generatorDigest = generatorDigest
  }

  /// Throws where the folder cannot be listed; a file that cannot be read is an outcome.
  public func run(in context: StepContext) async throws -> IndexSummary {
    let root = Paths.absolute(options.root)
    context.progress.begin("reading the folder", total: nil, unit: "files")
    let listing = try LayoutReader.read(root, layout: options.layout)
    context.progress.advance(to: listing.files.count)
    context.progress.end("layout \(listing.layout.rawValue)")
    let source = try await context.catalog.source(
      population: options.population, root: root, layout: listing.layout.rawValue)
    let known = try await context.catalog.knownFiles(source: source.id)
    let plan = IndexPlan(files: listing.files, known: known, batchSize: options.batchSize)
    var summary = IndexSummary(layout: listing.layout.rawValue, fileCount: listing.files.count)
    try await commitListing(listing, root: root, source: source.id, in: context, &summary)
    let worker = IndexWorker(
      root: root, chain: chain, complete: try await completeImages(in: context),
      unmeasured: try await context.catalog.unmeasuredImages(qualityEncoder: chain.qualityDigest),
      retriesRejected: options.retriesRejected)
    try process(plan, worker: worker, source: source.id, in: context, &summary)
    try await context.catalog.markMissing(source: source.id, paths: plan.missing)
    summary.missing = plan.missing.count
    return summary
  }

  private func process(
    _ plan: IndexPlan, worker: IndexWorker, source: Int64, in context: StepContext,
    _ summary: inout IndexSummary
  ) throws {
    let watch = Stopwatch()
    var done = 0
    context.progress.begin(
      "indexing \(options.population.rawValue)", total: summary.fileCount, unit: "pictures")
    try OrderedPipeline.run(
      items: plan.batches.count, threads: context.threads, window: context.threads + 1,
      produce: { try worker.prepare(plan.batches[$0]) },
      consume: { _, prepared in
        let result = try commit(prepared, source: source, in: context)
        summary.add(prepared, result)
        done += prepared.fileCount
        context.progress.advance(to: done)
        return !Interrupts.requested
      })
    summary.seconds = watch.seconds
    context.progress.end(summary.sentence)
    guard done == summary.fileCount else {
      throw CurationError(
        .interrupted, "indexing stopped after \(done) of \(summary.fileCount) files",
        hint: "run the same command again: it goes on where it stopped")
    }
  }

  /// Publishes the vectors of one batch, then commits the rows that name them.
  private func commit(
    _ prepared: IndexWorker.Prepared, source: Int64, in context: StepContext
  ) throws -> IndexResult? {
    guard !prepared.items.isEmpty || !prepared.rejected.isEmpty || !prepared.measures.isEmpty
    else { return nil }
    var batch = IndexBatch(source: source)
    batch.items = prepared.items
    batch.rejected = prepared.rejected
    batch.measures = prepared.measures
    batch.shards = try ShardPublisher(chain: chain, store: context.vectors)
      .publish(prepared.vectors, count: prepared.items.count)
    let catalog = context.catalog
    return try Blocking.wait { [batch] in try await catalog.commit(batch) }
  }

  /// Listing problems become rejected files, and latents beside the pictures are kept.
  private func commitListing(
    _ listing: DatasetListing, root: String, source: Int64, in context: StepContext,
    _ summary: inout IndexSummary
  ) async throws {
    var batch = IndexBatch(source: source)
    batch.rejected = listing.problems.map { RejectedFile(path: $0.path, reason: $0.reason) }
    if let generatorDigest {
      for latent in listing.latents {
        do {
          let vector = try NumpyFile.readVector(Paths.join(root, latent.path))
          batch.latents.append(
            GivenLatent(
              identityName: latent.identity, generatorDigest: generatorDigest, vector: vector))
        } catch {
          batch.rejected.append(RejectedFile(path: latent.path, reason: error.message))
        }
      }
    }
    for file in batch.rejected { summary.rejected[file.reason, default: 0] += 1 }
    _ = try await context.catalog.commit(batch)
  }

  /// Images that need no encoder any more.
  private func completeImages(in context: StepContext) async throws -> Set<Int64> {
    var complete: Set<Int64>?
    for space in chain.spaces {
      let images = try await context.catalog.embeddedImages(in: space)
      complete = complete?.intersection(images) ?? images
    }
    return complete ?? []
  }
}
