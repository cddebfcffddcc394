/// Every proposed removal of a duplicate was decided.
struct NoUnresolvedDuplicates: AuditRule {
  static let name = "no-unresolved-duplicates"
  static let question = "Is every duplicate that was found put aside?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    dataset.unresolvedDuplicates.map { pair in
      finding(.failure, pair.removed, "it is a duplicate of \(pair.kept)\(pair.similarityText)")
    }
  }
}

extension UnresolvedPair {
  /// " (similarity 0.987)", or nothing where it was not measured.
  var similarityText: String {
    similarity.map { " (similarity \(Double($0).threeDigits))" } ?? ""
  }
}
