internal import Diagnostics

/// What is worth telling about a job's end.
enum AlertRules {
  /// Findings that a message lists.
  static let listed = 20

  /// - Parameter before: the last finished job of the same words.
  static func messages(
    _ job: Job, before: Job?, _ consequences: Consequences, at moment: Moment
  ) -> [AlertMessage] {
    var messages: [AlertMessage] = []
    func tell(_ event: Alert.Event, _ title: String, _ fields: [String: JSONValue] = [:]) {
      var fields = fields
      fields["job"] = summary(job)
      messages.append(
        AlertMessage(
          event.rawValue, title: title, at: moment, workspace: consequences.workspace,
          fields: fields))
    }
    switch job.state {
    case .failed: tell(.failed, "\(job.line) failed")
    case .findings:
      let lines = findings(job.result)
      let count =
        lines.isEmpty ? "something" : lines.count == 1 ? "1 thing" : "\(lines.count) things"
      tell(
        .findings, "\(job.line) found \(count)",
        ["findings": .array(lines.prefix(listed).map(JSONValue.string))])
    case .succeeded:
      if let before, before.state != .succeeded { tell(.recovered, "\(job.line) is clean again") }
    default: break
    }
    if let drift = consequences.drift ?? AuditDrift.fact(job, before) {
      tell(
        .drift, "\(job.line): \(drift.detail)",
        ["detail": .string(drift.detail), "drift": drift.numbers])
    }
    return messages
  }

  /// The job without what it printed.
  private static func summary(_ job: Job) -> JSONValue {
    var document = job.document
    document["result"] = nil
    document["progress"] = nil
    return document
  }

  /// One line per finding of an audit.
  private static func findings(_ result: JSONValue) -> [String] {
    (result["rules"]?.arrayValue ?? []).flatMap { rule in
      (rule["findings"]?.arrayValue ?? []).map { finding in
        "\(rule["rule"]?.stringValue ?? ""): \(finding["subject"]?.stringValue ?? ""): "
          + (finding["message"]?.stringValue ?? "")
      }
    }
  }
}

/// Whether an audit found more than the one before it.
enum AuditDrift {
  static func fact(_ job: Job, _ before: Job?) -> DriftFact? {
    guard job.verb == "audit", let before, let now = counts(job.result),
      let then = counts(before.result)
    else { return nil }
    let grown = now.keys.sorted().filter { now[$0, default: 0] > then[$0, default: 0] }
    guard !grown.isEmpty else { return nil }
    let words = grown.map { "\($0)s \(then[$0, default: 0]) to \(now[$0, default: 0])" }
    return DriftFact(
      detail: "more findings than in job \(before.id): " + words.joined(separator: ", "),
      numbers: [
        "before": .object(then.mapValues(JSONValue.int)),
        "now": .object(now.mapValues(JSONValue.int)),
      ])
  }

  /// Findings by severity; nil for what is no audit's result.
  private static func counts(_ result: JSONValue) -> [String: Int]? {
    guard let rules = result["rules"]?.arrayValue else { return nil }
    var counts: [String: Int] = [:]
    for rule in rules {
      for finding in rule["findings"]?.arrayValue ?? [] {
        counts[finding["severity"]?.stringValue ?? "", default: 0] += 1
      }
    }
    return counts
  }
}
