/// Every proposed removal of a leak was decided.
struct NoUnresolvedLeaks: AuditRule {
  static let name = "no-unresolved-leaks"
  static let question = "Is every leak that was found put aside?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    dataset.unresolvedLeaks.map { pair in
      finding(.failure, pair.removed, "it resembles \(pair.kept)\(pair.similarityText)")
    }
  }
}
