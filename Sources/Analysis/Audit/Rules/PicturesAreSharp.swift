import Domain

/// Few pictures are blurred.
struct PicturesAreSharp: AuditRule {
  static let name = "pictures-are-sharp"
  static let question =
    "Are few pictures below the sharpness floor (a warning above 1 %, a failure above 10 %)?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    dataset.populations.compactMap { summary in
      guard summary.measuredSharpness > 0 else { return nil }
      let share = Double(summary.blurred) / Double(summary.measuredSharpness)
      guard let severity = dataset.limits.severity(ofShare: share) else { return nil }
      return finding(
        severity, summary.population.rawValue,
        "\(summary.blurred) of \(summary.measuredSharpness) pictures (\(share.percent)) are blurred"
      )
    }
  }
}
