/// No person appears under two names.
struct IdentitiesAreDistinct: AuditRule {
  static let name = "identities-are-distinct"
  static let question = "Does no person appear under two names, more often than chance says?"

  /// Where identities were compared with one another, that search answers; else nearest prototypes do.
  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    if let collisions = dataset.collisions { return findings(of: collisions) }
    guard let limit = dataset.limits.collisionSimilarity else {
      guard dataset.identities.count > 1 else { return [] }
      return [finding(.warning, "dataset", "no calibrated similarity tells identities apart")]
    }
    var seen = Set<[String]>()
    return dataset.identities.compactMap { identity in
      guard let other = identity.nearestOther, !(other.similarity < limit),
        seen.insert([identity.name, other.name].sorted()).inserted
      else { return nil }
      return finding(
        .failure, identity.name,
        "its prototype has similarity \(Double(other.similarity).threeDigits) to \(other.name), "
          + "limit \(Double(limit).threeDigits)")
    }
  }

  private func findings(of collisions: CollisionSummary) -> [AuditFinding] {
    let isChance = collisions.isWithinChance == true
    return collisions.pairs.map { pair in
      finding(
        isChance ? .note : .failure, pair.first ?? "",
        "it collides with \(pair.last ?? "")"
          + (isChance ? "; no more pairs collide than chance gives" : ""))
    }
  }
}
