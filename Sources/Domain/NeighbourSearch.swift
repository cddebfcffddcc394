/// Finds the nearest vectors of every vector of a set among the set itself.
public protocol NeighbourSearch: Sendable {
  /// The `k` nearest of each of some vectors of length 1, itself among them; fewer where there are fewer.
  /// - Parameter progress: told of vectors done, before the answer is there or by it.
  func neighbours(
    _ k: Int, within unitVectors: Vectors, progress: any ProgressReporter
  ) throws -> FoundNeighbours
}

/// Who is near whom within a set, given out a stretch at a time.
public struct FoundNeighbours: Sendable {
  /// What was found of the complete answer, on a sample; nil where the answer is complete.
  public let recall: MeasuredRecall?
  private let find: @Sendable (Range<Int>) throws -> [VectorPair]

  public init(
    recall: MeasuredRecall?, find: @escaping @Sendable (Range<Int>) throws -> [VectorPair]
  ) {
    self.recall = recall
    self.find = find
  }

  /// Of a stretch of vectors, with queries counted from its first: by query, then by falling similarity,
  /// ties by target. Each vector may be asked for once.
  public func of(_ rows: Range<Int>) throws -> [VectorPair] { try find(rows) }
}
