import Cataloging
public import Diagnostics

/// What one indexing run did.
public struct IndexSummary: Equatable, Sendable {
  public var layout: String
  public var fileCount: Int
  public var added = 0
  public var replaced = 0
  public var unchanged = 0
  public var missing = 0
  /// Unchanged pictures that lacked a measure and were given it.
  public var measured = 0
  /// Files by the reason they were rejected for.
  public var rejected: [String: Int] = [:]
  /// Time of decoding, embedding and committing.
  public var seconds = 0.0

  init(layout: String, fileCount: Int) {
    self.layout = layout
    self.fileCount = fileCount
  }

  public var rejectedCount: Int { rejected.values.reduce(0, +) }

  /// New and changed pictures per second.
  public var rate: Double { seconds > 0 ? Double(added + replaced) / seconds : 0 }

  mutating func add(_ prepared: IndexWorker.Prepared, _ result: IndexResult?) {
    // The catalog counts a changed file's new image among the added ones.
    added += (result?.added ?? 0) - (result?.replaced ?? 0)
    replaced += result?.replaced ?? 0
    unchanged += prepared.unchanged + (result?.unchanged ?? 0)
    measured += prepared.measures.count
    for file in prepared.rejected { rejected[file.reason, default: 0] += 1 }
  }

  public var sentence: String {
    """
    \(HumanNumbers.count(added)) new, \(HumanNumbers.count(replaced)) changed, \
    \(HumanNumbers.count(unchanged)) unchanged, \(HumanNumbers.count(rejectedCount)) rejected\
    \(measured == 0 ? "" : ", \(HumanNumbers.count(measured)) measured again")
    """
  }

  public var document: JSONValue {
    [
      "layout": .string(layout), "files": .int(fileCount), "added": .int(added),
      "replaced": .int(replaced), "unchanged": .int(unchanged), "missing": .int(missing),
      "measured": .int(measured),
      "rejected": .int(rejectedCount),
      "rejectedByReason": .object(rejected.mapValues { .int($0) }),
      "seconds": .double(seconds), "imagesPerSecond": .double(rate),
    ]
  }
}
