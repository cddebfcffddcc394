/// The images of an identity show one person.
struct IdentitiesAreConsistent: AuditRule {
  static let name = "identities-are-consistent"
  static let question =
    "Do the images of every identity agree (concentration 0.5 or more, none far from the prototype)?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    dataset.identities.flatMap { identity in
      [scatter(of: identity, dataset.limits), strangers(in: identity)].compactMap(\.self)
    }
  }

  private func scatter(of identity: IdentitySummary, _ limits: AuditLimits) -> AuditFinding? {
    guard let concentration = identity.concentration, identity.images > 1,
      !(concentration >= limits.leastConcentration)
    else { return nil }
    return finding(
      .warning, identity.name,
      "its \(identity.images) images have concentration \(concentration.threeDigits), below "
        + limits.leastConcentration.threeDigits)
  }

  private func strangers(in identity: IdentitySummary) -> AuditFinding? {
    guard identity.farImages > 0 else { return nil }
    return finding(
      .warning, identity.name,
      "\(identity.farImages) of \(identity.images) images are far from its prototype")
  }
}
