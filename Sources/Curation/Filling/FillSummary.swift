import Analysis
import Cataloging
import Diagnostics
import Domain

/// How a fill request ended.
struct FillSummary {
  let options: FillStep.Options
  let lines: [FillLine]
  let quotas: [QuotaRecord]
  private let generator: String
  private let points: FillPlan.Points
  private let stopped: Int
  private let needed: Int

  init(_ work: FillWork, options: FillStep.Options) {
    self.options = options
    lines = work.lines
    generator = work.parts.generator.name
    points = work.plan.points
    let states = work.lines.map(\.state)
    let reason = ShortfallReason(
      planner: work.planner, prior: work.planner.prior(states),
      ownFloor: work.plan.gates.ownFloor,
      spent: work.meter.isSpent ? options.budget?.spentText : nil)
    quotas = work.lines.map { line in
      QuotaRecord(
        identity: line.identity, wanted: line.wanted, had: line.had, accepted: line.accepted,
        attempts: line.attempts, shortfall: line.missing, reason: reason.text(line))
    }
    stopped = states.count { work.planner.isStopped($0) }
    // What the identities that were not given up would still take.
    needed = states.reduce(0) { sum, state in
      guard state.missing > 0, !state.isClosed, !work.planner.isStopped(state),
        let mean = CallForecast(
          acceptances: state.missing, belief: state.belief(reason.prior), share: 0.5
        ).mean
      else { return sum }
      return sum + Int(min(mean.rounded(.up), 1e9))
    }
  }

  func document(attempts: [AttemptRecord], spread: JSONValue) -> JSONValue {
    let reasons = Dictionary(
      grouping: attempts.filter { $0.outcome == .rejected },
      by: { RejectionTally.word($0.reason) }
    ).mapValues { JSONValue.int($0.count) }
    var document: [String: JSONValue] = [
      "identities": .int(quotas.count), "wantedPerIdentity": .int(options.imagesPerIdentity),
      "had": .int(quotas.reduce(0) { $0 + $1.had }),
      "attempts": .int(attempts.count),
      "accepted": .int(attempts.count { $0.outcome == .accepted }),
      "rejectedByReason": .object(reasons),
      "shortfall": .int(quotas.reduce(0) { $0 + $1.shortfall }),
      "shortIdentities": .int(quotas.count { $0.shortfall > 0 }),
      "stoppedIdentities": .int(stopped), "callsStillNeeded": .int(needed),
      "spread": spread, "generator": .string(generator), "gates": points.document,
      "gateTexts": .array(points.texts.map { .string($0) }),
    ]
    if options.arcBins > 1 {
      document["arcBins"] = .array(
        (0..<options.arcBins).map { bin in
          .int(lines.reduce(0) { $0 + $1.arcs.accepted[bin] })
        })
    }
    let bins = SpreadTargets.sum(lines.map(\.spread))
    if !bins.isEmpty { document["spreadBins"] = .array(bins) }
    return .object(document)
  }

  /// For people.
  static func lines(_ summary: JSONValue) -> [String] {
    func number(_ key: String) -> Int { summary[key]?.intValue ?? 0 }
    func count(_ key: String) -> String { HumanNumbers.count(number(key)) }
    let reasons = (summary["rejectedByReason"]?.objectValue ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value.intValue ?? 0)" }.joined(separator: ", ")
    var lines = [
      """
      \(count("identities")) identities wanted \(count("wantedPerIdentity")) pictures each and \
      had \(count("had")) in all
      """,
      """
      \(count("attempts")) candidates of \(summary["generator"]?.stringValue ?? "the generator"), \
      \(count("accepted")) accepted\(reasons.isEmpty ? "" : "; rejected: \(reasons)")
      """,
      "still missing: \(count("shortfall")) pictures of \(count("shortIdentities")) identities",
    ]
    if number("stoppedIdentities") > 0 {
      lines.append("given up: \(count("stoppedIdentities")) identities that cannot pass")
    }
    if number("shortfall") > 0, number("callsStillNeeded") > 0 {
      lines.append("about \(count("callsStillNeeded")) more candidates would be needed")
    }
    if let bins = summary["arcBins"]?.arrayValue?.compactMap(\.intValue) {
      lines.append("accepted by part of the arc: \(bins.map { "\($0)" }.joined(separator: ", "))")
    }
    for axis in summary["spreadBins"]?.arrayValue ?? [] {
      let bins = (axis["bins"]?.arrayValue ?? []).map {
        "\($0["bin"]?.stringValue ?? "") \(HumanNumbers.count($0["pictures"]?.intValue ?? 0))"
      }
      let measure = axis["measure"]?.stringValue ?? ""
      lines.append("pictures by \(measure): \(bins.joined(separator: ", "))")
    }
    lines += SpreadSummary.lines(summary["spread"] ?? .null)
    return lines + (summary["gateTexts"]?.arrayValue ?? []).compactMap(\.stringValue)
  }
}
