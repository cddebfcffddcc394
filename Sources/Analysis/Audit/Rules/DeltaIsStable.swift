/// Δ is the same from either half of the data, and not chance.
struct DeltaIsStable: AuditRule {
  static let name = "delta-is-stable"
  static let question =
    "Do two halves of the identities give the same Δ (cosine 0.99 or more, p 0.01 or less)?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    guard let offset = dataset.offset else {
      return [finding(.warning, "dataset", "Δ was not estimated")]
    }
    var findings: [AuditFinding] = []
    // Written so that NaN is found.
    if !(offset.splitHalfCosine >= dataset.limits.leastSplitHalfCosine) {
      findings.append(
        finding(
          .warning, offset.space,
          "the halves of Δ have cosine \(offset.splitHalfCosine.threeDigits), below "
            + dataset.limits.leastSplitHalfCosine.threeDigits))
    }
    if !(offset.permutationP <= dataset.limits.largestPermutationP) {
      findings.append(
        finding(
          .warning, offset.space,
          "a Δ this long arises by chance with p \(offset.permutationP.threeDigits), above "
            + dataset.limits.largestPermutationP.threeDigits))
    }
    return findings
  }
}
