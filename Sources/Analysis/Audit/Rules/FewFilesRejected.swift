import Domain

/// Nearly every file became an image.
struct FewFilesRejected: AuditRule {
  static let name = "few-files-rejected"
  static let question =
    "Did nearly every file become an image (a warning above 1 % rejected, a failure above 10 %)?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    dataset.populations.compactMap { summary in
      guard summary.files > 0 else { return nil }
      let share = Double(summary.rejectedFiles) / Double(summary.files)
      guard let severity = dataset.limits.severity(ofShare: share) else { return nil }
      return finding(
        severity, summary.population.rawValue,
        "\(summary.rejectedFiles) of \(summary.files) files (\(share.percent)) were rejected")
    }
  }
}

extension AuditLimits {
  /// Above the shares that warn and fail; nil at or below both.
  func severity(ofShare share: Double) -> AuditSeverity? {
    if share > failureShare { return .failure }
    return share > warningShare ? .warning : nil
  }
}
