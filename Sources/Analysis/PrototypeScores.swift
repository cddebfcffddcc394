public import Domain
import LinearAlgebra

/// How similar images are to prototypes of people they do not show: another distribution than that
/// of two images, so it needs thresholds of its own.
public enum PrototypeScores {
  /// Rows per tile.
  private static let tile = 1024

  /// Every row against every prototype of another identity. A row labelled nil is somebody else than
  /// everybody; rows of zeros take no part. Memory is bounded by `ScoreCollector`.
  /// - Parameter unitVectors: rows of length 1 or 0, of the prototypes' width.
  /// - Throws: `AnalysisError.mismatch` when labels and rows differ in number.
  public static func impostors(
    _ unitVectors: Vectors, labels: [Int?], against prototypes: PrototypeSets
  ) throws -> ScoreDistribution {
    try AnalysisError.requireLabels(labels.count, for: unitVectors)
    let usable = (0..<unitVectors.count).filter { row in
      !unitVectors[row: row].allSatisfy { $0 == 0 }
    }
    var collector = ScoreCollector()
    for start in stride(from: 0, to: usable.count, by: tile) {
      let rows = usable[start..<min(start + tile, usable.count)]
      for left in stride(from: 0, to: prototypes.count, by: tile) {
        let columns = left..<min(left + tile, prototypes.count)
        let scores = unitVectors.rows(rows).similarities(to: prototypes.directions.rows(columns))
        for (place, row) in rows.enumerated() {
          for column in columns
          where labels[row] == nil || prototypes.entries[column].identity != labels[row] {
            collector.add(scores[place * columns.count + column - left])
          }
        }
      }
    }
    return collector.distribution()
  }
}
