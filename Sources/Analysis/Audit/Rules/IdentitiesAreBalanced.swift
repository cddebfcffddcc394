/// No identity outweighs the others.
struct IdentitiesAreBalanced: AuditRule {
  static let name = "identities-are-balanced"
  static let question = "Has every identity at most twice the median number of images?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    let counts = dataset.identities.map { Double($0.images) }.filter { $0 > 0 }
    guard let median = Quantile.of(counts, at: 0.5) else { return [] }
    let limit = median * dataset.limits.largestImbalance
    return dataset.identities.compactMap { identity in
      guard Double(identity.images) > limit else { return nil }
      return finding(
        .warning, identity.name,
        "it has \(identity.images) images, the median identity has \(median.threeDigits)")
    }
  }
}
