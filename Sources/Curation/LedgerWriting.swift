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
  var conflicts: Int

  var sentence: String {
    let kept = conflicts == 0 ? "" : ", \(conflicts) left alone because a person decided otherwise"
    return "ledger: \(written) quarantined, \(unchanged) were already\(kept)"
  }

  var document: JSONValue {
    [
      "quarantined": .int(written), "unchanged": .int(unchanged), "conflicts": .int(conflicts),
    ]
  }
}

extension StepContext {
  /// Writes the proposals of a step's pairs into the ledger and adds to its report what that did.
  func applying(
    _ report: StepReport, pairsOf key: String, rule: String
  ) async throws -> StepReport {
    let pairs = try await catalog.pairs(step: key)
    return try await applying(report, decisions(pairs, verdict: .quarantine, rule: rule, key))
  }

  /// Writes decisions into the ledger and adds to a step's report what that did.
  func applying(_ report: StepReport, _ decisions: [NewDecision]) async throws -> StepReport {
    let result = try await catalog.append(decisions)
    let applied = AppliedDecisions(
      written: result.sequences.count, unchanged: result.unchanged.count,
      conflicts: result.conflicts.count)
    var report = report
    report.lines.append(applied.sentence)
    var fields = report.document.objectValue ?? [:]
    fields["applied"] = applied.document
    report.document = .object(fields)
    return report
  }

  /// One quarantine per removed image of the pairs with this verdict, by image, with the strongest
  /// pair as evidence.
  func decisions(
    _ pairs: [PairRecord], verdict: PairVerdict, rule: String, _ step: String
  ) -> [NewDecision] {
    let byImage = Dictionary(
      grouping: pairs.filter { $0.verdict == verdict.rawValue }, by: \.removed)
    return byImage.keys.sorted().compactMap { image in
      guard let pair = byImage[image]?.max(by: isWeaker) else { return nil }
      return NewDecision(
        image: image, action: .quarantine, rule: rule, reason: reason(pair),
        evidence: evidence(pair).compact, step: step)
    }
  }

  /// Images a person has put back. Taking a decision back is no such statement.
  public func keptByPersons() async throws -> Set<Int64> {
    let decisions = try await catalog.decisions().filter {
      $0.decision.author != NewDecision.rule && $0.undoes == nil
    }
    return Set(decisions.filter { $0.decision.action == .restore }.map(\.decision.image))
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
