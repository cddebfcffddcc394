import Analysis
import Cataloging
import Cryptography
import Diagnostics
public import Domain

/// Finds duplicates in four tiers (equal files, equal pixels, close perceptual hashes, close
/// vectors of face and picture), groups them without chaining, and proposes which image of a group
/// to keep.
public struct DedupStep: Sendable {
  public static let name = "dedup"

  let options: Options
  let builder: any VectorIndexBuilder

  public init(_ options: Options, builder: any VectorIndexBuilder) {
    self.options = options
    self.builder = builder
  }

  public func run(in context: StepContext) async throws -> StepReport {
    let reading = try await DedupReading(options, in: context)
    let provenance = provenance(reading, in: context)
    let summary: JSONValue
    var graph: NearPairs?
    let done = try await context.done(provenance)
    if let done {
      summary = done
    } else {
      var search = try await reading.search(in: context)
      graph = try await nearPairs(of: search, atLeast: reading.floor, in: context)
      try search.findMatches(graph, atLeast: reading.floor)
      let pairs = try search.records(atLeast: reading.floor)
      summary = DedupSummary.document(pairs, reading, search)
      try await context.catalog.commit(pairs, of: provenance.step(summary: summary))
    }
    var document = summary
    document["graph"] = JSONValue(graph) { $0.document }
    let report = StepReport(
      Self.name, wasDone: done != nil,
      lines: DedupSummary.lines(summary) + (graph.map { [$0.sentence] } ?? []),
      document: document,
      hasFindings: !options.applies && (summary["removals"]?.intValue ?? 0) > 0)
    guard options.applies else { return report }
    return try await context.applying(report, pairsOf: provenance.key, rule: "duplicate")
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    provenance(try await DedupReading(options, in: context), in: context)
  }

  private func provenance(_ reading: DedupReading, in context: StepContext) -> Provenance {
    Provenance(
      Self.name, in: context, parameters: parameters(reading.point), inputs: reading.inputs)
  }

  /// The pairs of vectors at or above `floor`; nil where there are no vectors or they are not asked
  /// for.
  func nearPairs(
    of search: DuplicateSearch, atLeast floor: CosineSimilarity, in context: StepContext
  ) async throws -> NearPairs? {
    guard let vectors = search.vectors, options.searches(.nearDuplicate) else { return nil }
    let loose = try? await context.operatingPoint(
      .falseMatchRate(NearPairs.looseRate), in: vectors.first.space, cohorts: options.cohorts,
      documented: vectors.first.space.name == Space.identity ? options.documented : [])
    let request = NearPairs.Request(
      vectors: vectors.first, rows: vectors.rows, floor: floor, looseFloor: loose?.similarity,
      engine: options.engine, keepsGraph: options.keepsGraph)
    return try await NearPairs.search(request, builder: builder, in: context)
  }

  private func parameters(_ point: OperatingPoint?) -> JSONValue {
    [
      "populations": .array(options.populations.sorted().map { .string($0.rawValue) }),
      "space": JSONValue(options.onlySpace) { .string($0) },
      "identity": JSONValue(point) { $0.document }, "engine": .string(options.engine),
      "imageSimilarityAtLeast": JSONValue(options.imageSimilarity.value),
      "registeredCorrelationAtLeast": JSONValue(options.registeredCorrelation.value),
      "registeredAloneAtLeast": JSONValue(options.registeredAlone) { JSONValue($0.value) },
      "hashDistanceAtMost": .int(options.hashDistance), "scope": .string(options.scope.rawValue),
      "without": .array(options.without.sorted().map { .string($0.rawValue) }),
      "keep": .string(options.keep.rawValue),
      "protected": .array(options.protectedPopulations.sorted().map { .string($0.rawValue) }),
      "protectedImages": .array(options.protectedImages.sorted().map { .int(Int($0)) }),
    ]
  }
}
