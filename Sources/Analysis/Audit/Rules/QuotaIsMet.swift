/// Every identity has its full quota of images.
struct QuotaIsMet: AuditRule {
  static let name = "quota-is-met"
  static let question = "Has every identity as many images as are wanted?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    guard dataset.identities.contains(where: { $0.wanted != nil }) else {
      return [finding(.note, "dataset", "no identity has a quota")]
    }
    return dataset.identities.compactMap { identity in
      guard let wanted = identity.wanted, identity.images < wanted else { return nil }
      return finding(.failure, identity.name, "it has \(identity.images) of \(wanted) images")
    }
  }
}
