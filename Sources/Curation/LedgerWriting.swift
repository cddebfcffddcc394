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

/// What a step would write into the ledger, and what it would not because a person decided otherwise.
struct Proposals {
  var decisions: [NewDecision] = []
  var conflicts: [DecisionConflict] = []
}

extension StepContext {
  /// Conflicts printed one by one; the rest is in `--json`.
  private static let shownConflicts = 20

  /// Writes the proposals of a step's pairs into the ledger and adds to its report what that did.
  func applying(
    _ report: StepReport, pairsOf key: String, rule: String
  ) async throws -> StepReport {
    let pairs = try await catalog.pairs(step: key)
    return try await applying(
      report, proposals(pairs, verdict: .quarantine, rule: rule, step: key))
  }

  /// Writes proposals into the ledger and adds to a step's report what that did.
  func applying(_ report: StepReport, _ proposals: Proposals) async throws -> StepReport {
    let result = try await catalog.append(proposals.decisions)
    let conflicts = (proposals.conflicts + result.conflicts)
      .sorted { $0.refused.image < $1.refused.image }
    let applied = AppliedDecisions(
      written: result.sequences.count, unchanged: result.unchanged.count,
      conflicts: try await LedgerConflict.list(conflicts, in: catalog))
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

  /// One quarantine per removed image of the pairs with this verdict, by image, with the strongest
  /// pair as evidence. A pair that a person calls different counts for nothing.
  func proposals(
    _ pairs: [PairRecord], verdict: PairVerdict, rule: String, step: String
  ) async throws -> Proposals {
    let standing = try await catalog.standing()
    let threshold = try await catalog.step(key: step).flatMap(StepThreshold.init)
    let chosen = Dictionary(
      grouping: pairs.filter { $0.verdict == verdict.rawValue }, by: \.removed)
    var proposals = Proposals()
    for (_, ofImage) in chosen.sorted(by: { $0.key < $1.key }) {
      let open = ofImage.filter { standing.difference($0.kept, $0.removed) == nil }
      guard let strongest = (open.isEmpty ? ofImage : open).max(by: isWeaker) else { continue }
      let decision = NewDecision(
        image: strongest.removed, other: strongest.kept, action: .quarantine, rule: rule,
        reason: reason(strongest), evidence: evidence(strongest, threshold).compact, step: step)
      if open.isEmpty, let line = standing.difference(strongest.kept, strongest.removed) {
        proposals.conflicts.append(DecisionConflict(refused: decision, standing: line))
      } else {
        proposals.decisions.append(decision)
      }
    }
    return proposals
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

  private func evidence(_ pair: PairRecord, _ threshold: StepThreshold?) -> JSONValue {
    [
      "other": .int(Int(pair.kept)), "tier": .string(pair.tier),
      "identitySimilarity": JSONValue(pair.identitySimilarity) { JSONValue($0.value) },
      "pictureSimilarity": JSONValue(pair.imageSimilarity) { JSONValue($0.value) },
      "mirrored": .bool(pair.isMirrored),
      "hashDistance": JSONValue(pair.hashDistance) { .int($0) },
      "keeper": KeeperReason(pair)?.document ?? .null,
      "threshold": JSONValue(threshold) { $0.document },
    ]
  }
}

extension StepContext {
  /// Images that stay in the set because a person said so: put back, or protected.
  public func keptByPersons() async throws -> Set<Int64> {
    try await catalog.standing().keptByPersons
  }
}
