/// How much a finding matters, rising.
public enum AuditSeverity: String, Codable, Comparable, Sendable, CaseIterable {
  /// Worth knowing.
  case note
  /// Someone should look.
  case warning
  /// The dataset should not be released like this.
  case failure

  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .failure: 2
    }
  }
}

/// One answer of one rule.
public struct AuditFinding: Equatable, Codable, Sendable {
  /// The rule's name.
  public var rule: String
  public var severity: AuditSeverity
  /// What it is about: an identity, an image, a population, a space, or "dataset".
  public var subject: String
  /// What was found, with numbers. Lower case, no full stop.
  public var message: String

  public init(rule: String, severity: AuditSeverity, subject: String, message: String) {
    self.rule = rule
    self.severity = severity
    self.subject = subject
    self.message = message
  }
}
