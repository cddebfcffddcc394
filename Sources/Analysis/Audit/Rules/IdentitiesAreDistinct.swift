/// No person appears under two names.
struct IdentitiesAreDistinct: AuditRule {
  static let name = "identities-are-distinct"
  static let question = "Is every prototype below the calibrated similarity to all others?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
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
}
