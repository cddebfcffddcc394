/// What appending decisions did.
public struct AppendResult: Equatable, Sendable {
  /// The lines written, in order.
  public var sequences: [Int64] = []
  /// Decisions that would change nothing and were left out.
  public var unchanged: [NewDecision] = []
  /// Decisions of a rule that would overrule a person and were left out.
  public var conflicts: [DecisionConflict] = []
}

/// A rule's decision that was not written because a person has decided otherwise.
public struct DecisionConflict: Equatable, Sendable {
  public var refused: NewDecision
  /// The person's decision that stands.
  public var standing: DecisionRecord
}
