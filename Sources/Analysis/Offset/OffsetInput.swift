public import Domain

/// What Δ is estimated from. Rows are read once, stretch by stretch, so a side need not fit in
/// memory.
public struct OffsetInput: Sendable {
  /// The side Δ starts from, usually the digital population.
  public var from: any VectorRows
  /// The identity of each row; a row with nil is a group of its own.
  public var fromGroups: [Int?]
  /// The side Δ points to, usually the real population.
  public var to: any VectorRows
  public var toGroups: [Int?]
  public var seed: UInt64 = 0
  /// Resamples of groups for the intervals; at least 40 for a 95 % interval.
  public var bootstrapRounds = 1000
  /// Relabellings for the p-value, which cannot fall below 1 / (permutations + 1).
  public var permutations = 999
  /// Of this process; the answer has the same bytes on any number.
  public var threads = 1
  public var progress: any ProgressReporter = SilentProgress()

  public init(from: any VectorRows, fromGroups: [Int?], to: any VectorRows, toGroups: [Int?]) {
    self.from = from
    self.fromGroups = fromGroups
    self.to = to
    self.toGroups = toGroups
  }
}
