import Analysis
import Cataloging
public import Diagnostics
public import Domain

/// What several thresholds would remove, from one search.
public struct DedupSweep: Sendable {
  /// What one threshold would do.
  public struct Line: Equatable, Sendable {
    public var similarity: CosineSimilarity
    /// Pairs of images that count as duplicates, copies not counted.
    public var pairs: Int
    public var groups: Int
    public var removals: Int
  }

  /// In the order asked.
  public var lines: [Line]
  /// Where the pairs came from; nil where there were no vectors.
  public var source: String?

  public var document: JSONValue {
    [
      "source": JSONValue(source) { .string($0) },
      "sweep": .array(
        lines.map { line in
          [
            "similarityAtLeast": JSONValue(line.similarity.value), "pairs": .int(line.pairs),
            "groups": .int(line.groups), "removals": .int(line.removals),
          ]
        }),
    ]
  }

  /// One line per threshold, for people.
  public var text: [String] {
    lines.map { line in
      """
      cosine >= \(HumanNumbers.decimal(Double(line.similarity.value), 4)): \
      \(HumanNumbers.count(line.removals)) duplicates in \(HumanNumbers.count(line.groups)) \
      groups, \(HumanNumbers.count(line.pairs)) pairs
      """
    } + (source.map { [$0] } ?? [])
  }
}

extension DedupStep {
  /// Groups and removals at each threshold of the first key. Records nothing but the pair graph.
  public func sweep(
    _ thresholds: [CosineSimilarity], in context: StepContext
  ) async throws -> DedupSweep {
    guard let least = thresholds.min() else { return DedupSweep(lines: [], source: nil) }
    var options = options
    options.identity = .similarity(least)
    let reading = try await DedupReading(options, in: context)
    var search = try await reading.search(in: context)
    let graph = try await nearPairs(of: search, atLeast: least, in: context)
    try search.findMatches(graph, atLeast: least)
    let lines = try thresholds.map { threshold in
      let records = try search.records(atLeast: threshold)
      return DedupSweep.Line(
        similarity: threshold, pairs: search.matchCount(atLeast: threshold),
        groups: Set(records.map(\.kept)).count, removals: records.count)
    }
    return DedupSweep(lines: lines, source: graph?.sentence)
  }
}
