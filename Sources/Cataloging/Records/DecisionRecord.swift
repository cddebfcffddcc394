/// What a decision does to its image.
public enum DecisionAction: String, Sendable {
  case quarantine, restore
}

/// A line of the ledger. The latest line about an image is the one in force.
public struct DecisionRecord: Equatable, Sendable {
  public var sequence: Int64
  /// Shared by the decisions that were appended together.
  public var batch: Int64
  public var decision: NewDecision
  /// The line this one takes back.
  public var undoes: Int64?
  /// ISO 8601, by the catalog's clock.
  public var decidedAt: String
}

/// A decision to be appended to the ledger.
public struct NewDecision: Equatable, Sendable {
  /// The author of decisions made by a rule; any other author is a person.
  public static let rule = "rule"

  public var image: Int64
  public var action: DecisionAction
  /// `NewDecision.rule`, or a person's name.
  public var author: String
  /// The rule's name; for a person's decision, the command's.
  public var rule: String
  /// For people, in a sentence.
  public var reason: String
  /// JSON with sorted keys.
  public var evidence: String
  /// Key of the step that proposed it.
  public var step: String?

  public init(
    image: Int64, action: DecisionAction, author: String = NewDecision.rule, rule: String,
    reason: String, evidence: String = "{}", step: String? = nil
  ) {
    self.image = image
    self.action = action
    self.author = author
    self.rule = rule
    self.reason = reason
    self.evidence = evidence
    self.step = step
  }
}
