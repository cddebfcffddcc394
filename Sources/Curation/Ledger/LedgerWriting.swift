import Analysis
import Cataloging
import Diagnostics
import Domain

/// What a step proposes for the removed image of a pair.
enum PairVerdict: String, Sendable {
  /// It does not belong in the set.
  case quarantine
  /// A person should look.
  case review
}

/// What became of proposals that were written into the ledger.
private struct AppliedDecisions {
  var written: Int
  var unchanged: Int
  var conflicts: [LedgerConflict]

  var sentence: String {
    let kept =
      conflicts.isEmpty
      ? "" : ", \(conflicts.count) left alone because a person decided otherwise"
    return "ledger: \(written) quarantined, \(unchanged) were already\(kept)"
  }

  var document: JSONValue {
    [
      "quarantined": .int(written), "unchanged": .int(unchanged),
      "conflicts": .int(conflicts.count),
      "conflictList": .array(conflicts.map(\.document)),
    ]
  }
}

extension StepContext {
  /// Conflicts printed one by one; the rest is in `--json`.
  private static let shownConflicts = 20

  /// Writes the proposals of a step's pairs into the ledger and adds to its report what that did.
  func applying(
    _ report: StepReport, pairsOf key: String, rule: String
  ) async throws -> StepReport {
    let pairs = try await catalog.pairs(step: key)
    return try await applying(report, decisions(pairs, verdict: .quarantine, rule: rule, key))
  }

  /// Writes decisions into the ledger and adds to a step's report what that did.
  ///
  /// Of several about one image the first counts whose pair no person calls different; where people
  /// call them all different, that is a conflict.
  func applying(_ report: StepReport, _ decisions: [NewDecision]) async throws -> StepReport {
    let applied = try await apply(decisions)
    var report = report
    report.lines.append(applied.sentence)
    report.lines += applied.conflicts.prefix(Self.shownConflicts).map(\.sentence)
    if applied.conflicts.count > Self.shownConflicts {
      let more = applied.conflicts.count - Self.shownConflicts
      report.lines.append("and \(more) more conflicts; --json lists all")
    }
    var fields = report.document.objectValue ?? [:]
    fields["applied"] = applied.document
    report.document = .object(fields)
    return report
  }

  private func apply(_ decisions: [NewDecision]) async throws -> AppliedDecisions {
    let standing = try await catalog.standing()
    var chosen: [NewDecision] = []
    var conflicts: [DecisionConflict] = []
    let byImage = Dictionary(grouping: decisions, by: \.image)
    for image in decisions.map(\.image).uniqued() {
      let own = byImage[image] ?? []
      let answers = own.map { one in one.other.flatMap { standing.difference(image, $0) } }
      if let open = answers.firstIndex(of: nil) {
        chosen.append(own[open])
      } else if let line = answers.first ?? nil {
        conflicts.append(DecisionConflict(refused: own[0], standing: line))
      }
    }
    let result = try await catalog.append(try await stating(chosen))
    conflicts = (conflicts + result.conflicts).sorted { $0.refused.image < $1.refused.image }
    return AppliedDecisions(
      written: result.sequences.count, unchanged: result.unchanged.count,
      conflicts: try await LedgerConflict.list(conflicts, in: catalog))
  }

  /// The decisions with the cosine their step decided at in the evidence, where the chain protects it.
  private func stating(_ decisions: [NewDecision]) async throws -> [NewDecision] {
    var thresholds: [String: StepThreshold] = [:]
    for key in Set(decisions.compactMap(\.step)) {
      thresholds[key] = try await catalog.step(key: key).flatMap(StepThreshold.init)
    }
    return decisions.map { decision in
      guard let threshold = decision.step.flatMap({ thresholds[$0] }),
        var evidence = try? JSONValue(parsing: decision.evidence)
      else { return decision }
      evidence["threshold"] = threshold.document
      var decision = decision
      decision.evidence = evidence.compact
      return decision
    }
  }

  /// A quarantine for every pair with this verdict: by image, the strongest pair of an image first.
  func decisions(
    _ pairs: [PairRecord], verdict: PairVerdict, rule: String, _ step: String
  ) -> [NewDecision] {
    let byImage = Dictionary(
      grouping: pairs.filter { $0.verdict == verdict.rawValue }, by: \.removed)
    return byImage.keys.sorted().flatMap { image in
      (byImage[image] ?? []).sorted { isWeaker($1, $0) }.map { pair in
        NewDecision(
          image: image, other: pair.kept, action: .quarantine, rule: rule, reason: reason(pair),
          evidence: evidence(pair).compact, step: step)
      }
    }
  }

  /// A prototype's cosine is on a scale of its own, so an image says more.
  private func isWeaker(_ a: PairRecord, _ b: PairRecord) -> Bool {
    let isPrototype = (a.tier == LeakTier.prototype.rawValue, b.tier == LeakTier.prototype.rawValue)
    if isPrototype.0 != isPrototype.1 { return isPrototype.0 }
    let first = a.identitySimilarity?.value ?? 1
    let second = b.identitySimilarity?.value ?? 1
    return first == second ? a.kept > b.kept : first < second
  }

  private func reason(_ pair: PairRecord) -> String {
    let mirrored = pair.isMirrored ? ", mirrored" : ""
    let cosine =
      pair.identitySimilarity
      .map { ", identity cosine \(HumanNumbers.decimal(Double($0.value), 4))" } ?? ""
    return "\(pair.tier)\(mirrored) of image \(pair.kept)\(cosine)"
  }

  private func evidence(_ pair: PairRecord) -> JSONValue {
    [
      "other": .int(Int(pair.kept)), "tier": .string(pair.tier),
      "identitySimilarity": JSONValue(pair.identitySimilarity) { JSONValue($0.value) },
      "pictureSimilarity": JSONValue(pair.imageSimilarity) { JSONValue($0.value) },
      "mirrored": .bool(pair.isMirrored),
      "hashDistance": JSONValue(pair.hashDistance) { .int($0) },
      "keeper": KeeperReason(pair)?.document ?? .null,
    ]
  }
}

extension StepContext {
  /// Images that stay in the set because a person said so: put back, or protected.
  public func keptByPersons() async throws -> Set<Int64> {
    try await catalog.standing().keptByPersons
  }
}
