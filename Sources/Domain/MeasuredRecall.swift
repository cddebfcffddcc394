/// How much of the complete answer an approximate index gave on sampled queries.
public struct MeasuredRecall: Equatable, Codable, Sendable {
  /// Queries asked of both engines.
  public var queries: Int
  /// Pairs in the complete answers.
  public var expected: Int
  /// Those of them that the index gave too.
  public var found: Int

  /// found / expected; nil where there was nothing to find.
  public var share: Double? { expected == 0 ? nil : Double(found) / Double(expected) }

  public init(queries: Int, expected: Int, found: Int) {
    self.queries = queries
    self.expected = expected
    self.found = found
  }
}
