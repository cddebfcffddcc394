/// Every generated picture in force was measured and accepted.
struct GeneratedPicturesPassedTheGate: AuditRule {
  static let name = "generated-pictures-passed-the-gate"
  static let question =
    "Is every generated picture on record, nearest to its own identity, and no leak?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    dataset.generated.compactMap { record in
      guard let own = record.own else {
        return finding(.failure, record.image, "no accepted attempt is on record")
      }
      if let other = record.nearestOther, !(own > other) {
        return finding(
          .failure, record.image,
          "similarity \(Double(own).threeDigits) to its identity \(record.identity), "
            + "\(Double(other).threeDigits) to another")
      }
      if let leak = record.leak, let limit = dataset.limits.leakSimilarity, !(leak < limit) {
        return finding(
          .failure, record.image,
          "similarity \(Double(leak).threeDigits) to a reference image, "
            + "limit \(Double(limit).threeDigits)")
      }
      return nil
    }
  }
}
