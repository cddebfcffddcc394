import Cataloging
import Curation
import Diagnostics
import Domain
import Reporting

extension ReportReading {
  /// Pairs of the step in force.
  func pairs(of step: String) async throws -> [PairRecord] {
    guard let record = try await context.catalog.latestStep(named: step) else { return [] }
    return try await context.catalog.pairs(step: record.key)
  }

  func duplicates() async throws -> [DuplicateRow] {
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    return try await pairs(of: DedupStep.name).enumerated().compactMap { place, pair in
      guard let kept = byID[pair.kept], let removed = byID[pair.removed] else { return nil }
      let isPictured = place < Self.picturedRows
      var row = DuplicateRow(
        tier: pair.tier, kept: reference(kept, isPictured), removed: reference(removed, isPictured),
        similarities: similarities(pair), mirrored: pair.isMirrored,
        decision: decision(removed, pair))
      row.hashDistance = pair.hashDistance
      row.keptBy = KeeperReason(pair)?.text
      return row
    }
  }

  func quotas() async throws -> [QuotaRow] {
    guard let step = try await context.catalog.latestStep(named: FillStep.name) else { return [] }
    let names = Dictionary(
      uniqueKeysWithValues: try await context.catalog.identities().map { ($0.id, $0.name) })
    return try await context.catalog.quotas(step: step.key).map { quota in
      QuotaRow(
        identity: names[quota.identity] ?? "\(quota.identity)", wanted: quota.wanted,
        had: quota.had, accepted: quota.accepted, attempts: quota.attempts,
        shortfall: quota.shortfall, reason: quota.reason)
    }
  }

  func reference(_ image: ImageRecord, _ isPictured: Bool) -> ImageReference {
    ImageReference(
      path: image.path, population: image.population, identity: image.identityName,
      tile: isPictured ? thumbnails.tile(image) : nil)
  }

  func similarities(_ pair: PairRecord) -> [SpaceSimilarity] {
    [("identity", pair.identitySimilarity), ("picture", pair.imageSimilarity)]
      .compactMap { name, value in value.map { SpaceSimilarity(space: name, similarity: $0) } }
  }

  func decision(_ image: ImageRecord, _ pair: PairRecord) -> Decision {
    if image.isQuarantined { return .quarantined }
    let isKept = standing.keeper(of: image.id) != nil
    if isKept || standing.difference(pair.kept, pair.removed) != nil { return .restored }
    return pair.verdict == DecisionAction.quarantine.rawValue ? .proposed : .review
  }
}
