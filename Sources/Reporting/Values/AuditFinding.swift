/// One answer of one audit rule.
public struct AuditFinding: Hashable, Codable, Sendable {
  /// How bad it is, worst first.
  public enum Severity: String, CaseIterable, Codable, Comparable, Sendable {
    case failure
    case warning
    case note

    public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

    private var rank: Int {
      switch self {
      case .failure: 0
      case .warning: 1
      case .note: 2
      }
    }
  }

  public var rule: String
  public var severity: Severity
  /// The identity, image or setting it is about; may be empty.
  public var subject: String
  public var message: String

  public init(rule: String, severity: Severity, subject: String, message: String) {
    self.rule = rule
    self.severity = severity
    self.subject = subject
    self.message = message
  }
}
