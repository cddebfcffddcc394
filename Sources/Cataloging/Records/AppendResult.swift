/// What appending decisions did.
public struct AppendResult: Equatable, Sendable {
  /// The lines written, in order.
  public var sequences: [Int64] = []
  /// The batch of those lines; nil where none was written.
  public var batch: Int64?
  /// Decisions that would change nothing and were left out.
  public var unchanged: [NewDecision] = []
  /// Decisions that would overrule a person who must not be overruled, and were left out.
  public var conflicts: [DecisionConflict] = []
}

/// A decision that was not written because a person has decided otherwise.
public struct DecisionConflict: Equatable, Sendable {
  public var refused: NewDecision
  /// The person's decision that stands.
  public var standing: DecisionRecord

  public init(refused: NewDecision, standing: DecisionRecord) {
    self.refused = refused
    self.standing = standing
  }
}
