/// What a line of the ledger says, of an image or of a pair of images.
public enum DecisionAction: String, Sendable {
  /// The image is put aside.
  case quarantine
  /// The image is (again) in the set.
  case restore
  /// The image stays in the set, whatever a rule will say.
  case protect
  /// The image's file and vectors were deleted; nothing brings them back.
  case purge
  /// A person says that the pair is what the step took it for: one picture, or one person.
  case same
  /// A person says that it is not.
  case different
  /// A person cannot tell.
  case unsure
  /// The pair has no answer: every one was taken back.
  case open

  /// True for what is said of a pair.
  public var isAboutPair: Bool {
    switch self {
    case .same, .different, .unsure, .open: true
    case .quarantine, .restore, .protect, .purge: false
    }
  }

  /// True where the image does not belong to the set.
  public var putsAside: Bool { self == .quarantine || self == .purge }
}

/// A line of the ledger. The latest line about an image, or about a pair, is the one in force.
public struct DecisionRecord: Equatable, Sendable {
  /// From 1, without gaps.
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
  /// The other image of the pair the decision is about, or rests on.
  public var other: Int64?
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
    image: Int64, other: Int64? = nil, action: DecisionAction, author: String = NewDecision.rule,
    rule: String, reason: String, evidence: String = "{}", step: String? = nil
  ) {
    self.image = image
    self.other = other
    self.action = action
    self.author = author
    self.rule = rule
    self.reason = reason
    self.evidence = evidence
    self.step = step
  }

  /// True where a person decides.
  public var isByPerson: Bool { author != NewDecision.rule }
}
