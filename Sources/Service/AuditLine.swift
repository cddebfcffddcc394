internal import Cataloging
internal import Curation
internal import Diagnostics

/// One audit in the history.
struct AuditLine: Sendable {
  var key: String
  var suite: String
  var finishedAt: String
  var failures = 0
  var warnings = 0
  var notes = 0

  var document: JSONValue {
    [
      "key": .string(key), "suite": .string(suite), "finishedAt": .string(finishedAt),
      "failures": .int(failures), "warnings": .int(warnings), "notes": .int(notes),
    ]
  }
}

extension Desk {
  /// Every audit on record, the oldest first.
  func audits() async throws -> [AuditLine] {
    var audits: [AuditLine] = []
    for step in try await catalog.steps().sorted(by: { $0.ordinal < $1.ordinal })
    where step.name == AuditStep.name {
      let suite = try JSONValue(parsing: step.summary)["suite"]?.stringValue ?? ""
      var line = AuditLine(key: step.key, suite: suite, finishedAt: step.finishedAt)
      for finding in try await catalog.findings(step: step.key) {
        switch finding.severity {
        case .failure: line.failures += 1
        case .warning: line.warnings += 1
        case .note: line.notes += 1
        }
      }
      audits.append(line)
    }
    return audits
  }
}
