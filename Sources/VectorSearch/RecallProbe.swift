public import Domain

/// Measures the recall of an index against the exact engine.
public enum RecallProbe {
  /// Rows asked, spread evenly over the queries.
  public static let sampleSize = 500

  /// Of the pairs at or above `floor`.
  public static func pairs(
    of index: any VectorIndex, queries: any VectorRows, atLeast floor: CosineSimilarity,
    exact: ExactIndex
  ) throws -> MeasuredRecall {
    let sample = FrameChoice.sample(queries, sampleSize)
    return compare(
      try index.pairs(from: sample, atLeast: floor), try exact.pairs(from: sample, atLeast: floor),
      queries: sample.count)
  }

  /// Of the `k` nearest.
  public static func nearest(
    _ k: Int, of index: any VectorIndex, queries: any VectorRows, exact: ExactIndex
  ) throws -> MeasuredRecall {
    let sample = FrameChoice.sample(queries, sampleSize)
    return compare(
      try index.nearest(k, to: sample), try exact.nearest(k, to: sample), queries: sample.count)
  }

  /// Which of the pairs that were expected were found.
  static func compare(
    _ found: [VectorPair], _ expected: [VectorPair], queries: Int
  ) -> MeasuredRecall {
    let there = Set(found.map { SIMD2($0.query, $0.target) })
    return MeasuredRecall(
      queries: queries, expected: expected.count,
      found: expected.count { there.contains(SIMD2($0.query, $0.target)) })
  }
}
