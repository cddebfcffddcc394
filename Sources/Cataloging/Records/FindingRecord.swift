/// One answer of one audit rule.
public struct FindingRecord: Equatable, Sendable {
  /// How much a finding matters, rising.
  public enum Severity: String, Sendable {
    case note, warning, failure
  }

  public var rule: String
  public var severity: Severity
  /// What it is about, such as an identity's name.
  public var subject: String
  public var message: String

  public init(rule: String, severity: Severity, subject: String, message: String) {
    self.rule = rule
    self.severity = severity
    self.subject = subject
    self.message = message
  }
}
