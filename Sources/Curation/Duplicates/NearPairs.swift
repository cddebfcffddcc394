import Analysis
import Cataloging
import Cryptography
import Diagnostics
import Domain
import Files
import VectorStorage

/// Every pair of distinct vectors at or above a floor: searched for once, kept as a pair graph, and
/// read at any stricter threshold from then on.
struct NearPairs: Sendable {
  /// Most pairs a graph may hold: 360 MB.
  static let largestGraph = 30_000_000
  /// A looser floor than asked is tried where it is expected to give no more pairs than this.
  static let expectedAtMost = 5_000_000
  /// The false-match rate whose cosine a graph reaches down to.
  static let looseRate = 1e-3
  private static let version = "d2r-pair-graph 1"

  /// What is searched.
  struct Request: Sendable {
    var vectors: EmbeddedImages
    /// The distinct rows of `vectors`; the graph's rows.
    var rows: UniqueRows
    /// The least similarity that is needed.
    var floor: CosineSimilarity
    /// A lower floor worth keeping, so that other thresholds need no search.
    var looseFloor: CosineSimilarity?
    var engine: String
    /// False leaves nothing in the workspace.
    var keepsGraph: Bool
  }

  let graph: PairGraph
  /// Of an engine that is not exact.
  let recall: Double?
  /// True where nothing was searched.
  let wasStored: Bool
  /// Holds the graph of a dry run.
  private let folder: TemporaryFolder?

  /// For one line of output.
  var sentence: String {
    let floor = HumanNumbers.decimal(Double(graph.header.floor.value), 4)
    let pairs = "\(HumanNumbers.count(graph.count)) pairs of cosine >= \(floor)"
    let complete =
      graph.header.isExact
      ? ""
      : recall.map { ", measured recall \(HumanNumbers.decimal($0, 4))" }
        ?? ", recall not measurable"
    return
      (wasStored
      ? "from the stored pair graph: \(pairs)"
      : "searched \(HumanNumbers.count(graph.header.rowCount)) distinct vectors: \(pairs)")
      + complete
  }

  var document: JSONValue {
    [
      "stored": .bool(wasStored), "pairs": .int(graph.count),
      "rows": .int(graph.header.rowCount), "exact": .bool(graph.header.isExact),
      "recall": JSONValue(recall) { .double($0) },
      "similarityAtLeast": JSONValue(graph.header.floor.value),
    ]
  }

  /// The graph from the workspace where it has one that reaches the floor; else searched for.
  ///
  /// Throws `tooMuch` where even the floor itself gives more than `largestGraph` pairs.
  static func search(
    _ request: Request, builder: any VectorIndexBuilder, in context: StepContext
  ) async throws -> NearPairs {
    let space = request.vectors.space
    let store = PairGraphStore(root: context.workspace.graphsFolder)
    let known = try await context.catalog.pairGraphs(
      in: space, rowsDigest: request.vectors.digest, engine: request.engine)
    for record in known where record.floor <= request.floor {
      let graph = try? store.open(
        record.file, expecting: space, rowsDigest: request.vectors.digest)
      if let graph {
        return NearPairs(graph: graph, recall: record.recall, wasStored: true, folder: nil)
      }
    }
    let folder = request.keepsGraph ? nil : try TemporaryFolder()
    let target = folder.map { PairGraphStore(root: $0.path) } ?? store
    let (published, record) = try publish(request, in: target, builder: builder, context.progress)
    if request.keepsGraph { try await context.catalog.put(record) }
    let graph = try target.open(
      published.file, expecting: space, rowsDigest: request.vectors.digest)
    return NearPairs(graph: graph, recall: record.recall, wasStored: false, folder: folder)
  }

  /// Tries the loose floor, then the floor itself.
  private static func publish(
    _ request: Request, in store: PairGraphStore, builder: any VectorIndexBuilder,
    _ progress: any ProgressReporter
  ) throws -> (PublishedPairGraph, PairGraphRecord) {
    let unit = request.vectors.unit
    let distinct = request.rows.count == unit.count ? unit : unit.rows(request.rows.firsts)
    let index = try builder.index(distinct)
    for floor in floors(of: request) {
      let header = PairGraphHeader(
        space: request.vectors.space, rowsDigest: request.vectors.digest, floor: floor,
        isExact: index.isExact, rowCount: distinct.count)
      let key = key(of: header, engine: request.engine)
      var writer = store.writer("\(key.prefix(16)).pairs", header)
      var work = PairWork()
      work.progress = progress
      work.limit = largestGraph
      if request.keepsGraph { work.partialFile = try partialFile(store, key) }
      work.name = key
      guard try write(pairsOf: index, to: &writer, work) else { continue }
      let published = try writer.finish()
      var record = record(published, header, key: key, engine: request.engine)
      record.recall = try index.measuredRecall(of: distinct, atLeast: floor)?.share
      return (published, record)
    }
    throw CurationError(
      .tooMuch,
      """
      more than \(HumanNumbers.count(largestGraph)) pairs of \
      \(HumanNumbers.count(distinct.count)) vectors have cosine >= \
      \(HumanNumbers.decimal(Double(request.floor.value), 4))
      """, hint: "give a higher --similarity-at-least, or a smaller --fmr")
  }

  /// The one place where vectors are searched: every pair of rows at or above the writer's floor.
  /// False where there are more than a graph may hold.
  private static func write(
    pairsOf index: any VectorIndex, to writer: inout PairGraphWriter, _ work: PairWork
  ) throws -> Bool {
    try index.forEachPairWithin(atLeast: writer.header.floor, work) { try writer.append($0) }
  }

  private static func floors(of request: Request) -> [CosineSimilarity] {
    guard let loose = request.looseFloor, loose < request.floor else { return [request.floor] }
    let count = Double(request.rows.count)
    guard looseRate * count * (count - 1) / 2 <= Double(expectedAtMost) else {
      return [request.floor]
    }
    return [loose, request.floor]
  }

  /// Where a search that is killed leaves what it has.
  private static func partialFile(_ store: PairGraphStore, _ key: String) throws -> String {
    try FileSystem.makeFolder(store.root)
    return Paths.join(store.root, "\(key.prefix(16)).partial")
  }

  private static func key(of header: PairGraphHeader, engine: String) -> String {
    let space = header.space
    return SHA256.hex(
      of: """
        \(version)
        \(space.name) \(space.width) \(space.encoderDigest)
        \(header.rowsDigest)
        \(engine) \(header.floor.value.bitPattern)

        """)
  }

  private static func record(
    _ published: PublishedPairGraph, _ header: PairGraphHeader, key: String, engine: String
  ) -> PairGraphRecord {
    var record = PairGraphRecord(
      key: key, space: header.space, rowsDigest: header.rowsDigest, engine: engine)
    record.isExact = header.isExact
    record.floor = header.floor
    record.rowCount = header.rowCount
    record.pairCount = published.pairCount
    record.file = published.file
    record.digest = Hex.string(published.digest)
    return record
  }
}
