/// One question about a dataset. A rule only looks: it reads the summary and answers with findings,
/// none when all is well, always the same ones for the same summary.
public protocol AuditRule: Sendable {
  /// Lower case words joined by hyphens, a sentence that is true when nothing is found.
  static var name: String { get }
  /// What is asked, and at which limits, for the manual.
  static var question: String { get }

  func findings(in dataset: DatasetSummary) -> [AuditFinding]
}

extension AuditRule {
  public var name: String { Self.name }
  public var question: String { Self.question }

  func finding(_ severity: AuditSeverity, _ subject: String, _ message: String) -> AuditFinding {
    AuditFinding(rule: Self.name, severity: severity, subject: subject, message: message)
  }
}
