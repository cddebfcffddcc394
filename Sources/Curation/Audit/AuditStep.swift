import Analysis
import Cataloging
import Diagnostics
public import Domain

/// Asks every rule of a named suite about the dataset as it stands, and records what they say.
public struct AuditStep: Sendable {
  public static let name = "audit"

  /// Which suite, and how the summary is measured.
  public struct Options: Equatable, Sendable {
    /// Name of an `AuditSuite`.
    public var suite: String
    public var rates: CurationRates
    public var documented: [DocumentedThreshold]
    /// Lets rates take cosines that were extrapolated.
    public var allowsExtrapolated = false

    public init(suite: String = "release", rates: CurationRates = .standard) {
      self.suite = suite
      self.rates = rates
      documented = []
    }
  }

  let options: Options
  let builder: any VectorIndexBuilder

  public init(_ options: Options, builder: any VectorIndexBuilder) {
    self.options = options
    self.builder = builder
  }

  /// Always asks anew: an audit is about the dataset of this moment.
  public func run(in context: StepContext) async throws -> StepReport {
    let suite = try AuditSuite.named(options.suite)
    context.progress.begin("auditing", total: suite.rules.count, unit: "rules")
    let dataset = try await DatasetReading(options: options, builder: builder, context: context)
      .summary()
    let answers = suite.answers(in: dataset)
    let findings = answers.flatMap(\.findings)
    context.progress.advance(to: answers.count)
    context.progress.end("\(findings.count) findings")
    let provenance = Provenance(
      Self.name, in: context,
      parameters: ["suite": .string(suite.name), "leakReview": .double(options.rates.leakReview)],
      inputs: [try await context.catalog.datasetDigest()])
    let points = try await AuditPoints.load(options, in: context)
    var document = self.document(suite.name, answers)
    document["limits"] = points.document
    try await context.catalog.commit(
      findings.map(record), of: provenance.step(summary: document))
    return StepReport(
      Self.name, wasDone: false, lines: lines(suite.name, answers) + points.texts,
      document: document,
      hasFindings: answers.contains { !$0.passed })
  }

  private func record(_ finding: AuditFinding) -> FindingRecord {
    let severity: FindingRecord.Severity =
      switch finding.severity {
      case .note: .note
      case .warning: .warning
      case .failure: .failure
      }
    return FindingRecord(
      rule: finding.rule, severity: severity, subject: finding.subject, message: finding.message)
  }

  private func document(_ suite: String, _ answers: [AuditAnswer]) -> JSONValue {
    [
      "suite": .string(suite), "passed": .bool(answers.allSatisfy(\.passed)),
      "rules": .array(
        answers.map { answer in
          [
            "rule": .string(answer.rule), "question": .string(answer.question),
            "passed": .bool(answer.passed),
            "findings": .array(
              answer.findings.map { finding in
                [
                  "severity": .string(finding.severity.rawValue),
                  "subject": .string(finding.subject), "message": .string(finding.message),
                ]
              }),
          ]
        }),
    ]
  }

  private func lines(_ suite: String, _ answers: [AuditAnswer]) -> [String] {
    let passed = answers.count(where: \.passed)
    var lines = ["suite \(suite): \(passed) of \(answers.count) rules passed"]
    for answer in answers {
      let mark = answer.passed ? "passed " : "FOUND  "
      lines.append("\(mark) \(answer.rule)")
      lines += answer.findings.prefix(5).map { "          \($0.subject): \($0.message)" }
      if answer.findings.count > 5 {
        lines.append("          and \(answer.findings.count - 5) more")
      }
    }
    return lines
  }
}

extension Catalog {
  /// SHA-256, in hex, over everything but what audits themselves record.
  func datasetDigest() async throws -> String {
    let own: Set<String> = ["finding", "step"]
    return try tableDigests(ignoringRoots: true).filter { !own.contains($0.table) }
      .map { "\($0.table) \($0.digest)" }.joined(separator: "\n")
  }
}
