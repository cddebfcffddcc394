import Analysis
import Cataloging
import Curation
import Diagnostics
import Domain
import Reporting

extension ReportReading {
  /// What the page about quotas shows: the last fill.
  func quotaPage(identities limit: Int) async throws -> QuotaReport {
    var report = QuotaReport(
      workspace: context.workspace.settings.name, provenance: try await provenance())
    guard let step = try await context.catalog.latestStep(named: FillStep.name) else {
      return report
    }
    let attempts = try await context.catalog.attempts(request: step.key)
    let summary = try JSONValue(parsing: step.summary)
    report.generator = summary["generator"]?.stringValue ?? ""
    report.quotas = try await quotas()
    report.funnel = CandidateGates.funnel(attempts)
    report.distributions = CandidateGates.distributions(attempts, gates: summary["gates"])
    let portraits = limit > 0 ? try await IdentityPortraits.load(in: context) : nil
    let byIdentity = Dictionary(grouping: attempts, by: \.identity)
    let maker = IdentitySheetMaker(
      reading: self, attempts: byIdentity,
      portraits: portraits, kept: KeptRejections(of: context.workspace),
      leakFloor: CandidateGates.cosine("leak", in: summary["gates"]))
    let records = try await context.catalog.quotas(step: step.key)
    report.explanations = records.map { CandidateGates.explanation(byIdentity[$0.identity] ?? []) }
    report.sheets = maker.sheets(Array(zip(records, report.quotas)), limit: limit)
    report.hasRejectedPictures = report.sheets.contains { $0.rejected.contains { $0.tile != nil } }
    return report
  }
}

/// What the gates did to candidates, from the attempts on record.
enum CandidateGates {
  /// The gate before all others: a picture with a face that can be judged.
  static let face = "a picture with one usable face"

  /// What a candidate must be to pass, by the word its rejection starts with.
  private static let names: [String: String] = [
    GateReason.Test.unlikeItsIdentity.rawValue: "like its own identity",
    GateReason.Test.nearAnotherIdentity.rawValue: "nearer to it than to any other",
    GateReason.Test.leak.rawValue: "no leak",
    GateReason.Test.duplicate.rawValue: "no duplicate",
    GateReason.Test.blurred.rawValue: "sharp enough",
    GateReason.Test.spread.rawValue: "not enough pictures like it yet",
  ]

  static func name(of test: GateReason.Test) -> String { names[test.rawValue] ?? test.rawValue }

  /// The gate that stopped an attempt; nil for the one before all others.
  static func test(_ attempt: AttemptRecord) -> GateReason.Test? {
    GateReason.Test(rawValue: String(attempt.reason.prefix { $0 != ":" }))
  }

  /// Gates in the order they decide; those that stopped nobody are left out but for leaks and
  /// duplicates, whose nought says something.
  static func funnel(_ attempts: [AttemptRecord]) -> CandidateFunnel {
    let rejected = attempts.filter { $0.outcome == .rejected }
    let stopped = Dictionary(grouping: rejected, by: test)
    let gates = ([nil] + GateReason.Test.allCases.map { $0 }).compactMap {
      test -> (name: String, count: Int, example: String)? in
      let own = stopped[test] ?? []
      guard !own.isEmpty || (test != .blurred && test != .spread) else { return nil }
      return (test.map(name) ?? face, own.count, own.first?.reason ?? "")
    }
    return CandidateFunnel(candidates: attempts.count, stopped: gates)
  }

  /// Stopped by what and how often, for one identity's candidates; empty where none was.
  static func explanation(_ attempts: [AttemptRecord]) -> String {
    let rejected = attempts.filter { $0.outcome == .rejected }
    guard !rejected.isEmpty else { return "" }
    let counts = Dictionary(grouping: rejected, by: test).mapValues(\.count)
    let parts = ([nil] + GateReason.Test.allCases.map { $0 }).compactMap { test -> String? in
      counts[test].map { "\(test?.rawValue ?? "no usable face") \($0)" }
    }
    let best = rejected.filter { test($0) == .unlikeItsIdentity }
      .compactMap { $0.similarities.own?.value }.max()
    let nearest = best.map {
      "; of those unlike it the best had cosine \(HumanNumbers.decimal(Double($0), 4))"
    }
    return "stopped: " + parts.joined(separator: ", ") + (nearest ?? "")
  }

  static func cosine(_ gate: String, in gates: JSONValue?) -> Float? {
    gates?[gate]?["similarityAtLeast"]?.doubleValue.map { Float($0) }
  }

  /// The slerp parameter, and the similarity to the own identity, of accepted and of rejected ones.
  static func distributions(
    _ attempts: [AttemptRecord], gates: JSONValue?
  ) -> [Reporting.Histogram] {
    var own = histogram(
      attempts, title: "Similarity to the own identity",
      axis: "cosine to the identity's prototype", step: 0.02
    ) { $0.similarities.own.map { Double($0.value) } }
    if let floor = cosine("own", in: gates) {
      own?.thresholds = [
        ThresholdMark(
          value: Double(floor), label: "own identity",
          falseMatchRate: gates?["own"]?["falseMatchRate"]?.doubleValue)
      ]
    }
    let t = histogram(
      attempts, title: "Distance of the variation", axis: "slerp parameter t", step: 0.05
    ) { $0.interpolation }
    return [own, t].compactMap { $0 }
  }

  /// Nil where nothing was measured. Bounds are whole steps.
  private static func histogram(
    _ attempts: [AttemptRecord], title: String, axis: String, step: Double,
    _ value: (AttemptRecord) -> Double?
  ) -> Reporting.Histogram? {
    let values = attempts.compactMap(value).filter(\.isFinite)
    guard let least = values.min(), let most = values.max() else { return nil }
    let lower = (least / step).rounded(.down) * step
    let upper = max((most / step).rounded(.up) * step, lower + step)
    func series(_ outcome: AttemptRecord.Outcome, _ role: HistogramSeries.Role) -> HistogramSeries {
      let own = attempts.filter { $0.outcome == outcome }.compactMap(value)
      let counts = Analysis.Histogram(of: own, from: lower, to: upper, bins: 20).counts
      return HistogramSeries(name: outcome.rawValue, role: role, counts: counts)
    }
    return Reporting.Histogram(
      title: title, axis: axis, unit: "candidates", lower: lower, upper: upper,
      series: [series(.accepted, .population(.generated)), series(.rejected, .impostor)])
  }
}
