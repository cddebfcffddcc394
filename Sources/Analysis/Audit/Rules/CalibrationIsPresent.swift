import Domain

/// Thresholds of the identity space were measured, with the encoder in use.
struct CalibrationIsPresent: AuditRule {
  static let name = "calibration-is-present"
  static let question =
    "Was the identity encoder in use calibrated at a false-match rate of 1e-3 or lower?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    dataset.spaces.filter { $0.name == Space.identity && $0.embedded > 0 }.compactMap { space in
      let rates = dataset.calibrations
        .filter { $0.space == space.name && $0.encoderDigest == space.encoderDigest }
        .map(\.falseMatchRate)
      guard let lowest = rates.min() else {
        return finding(.warning, space.name, "the encoder was not calibrated")
      }
      guard lowest > dataset.limits.falseMatchRate else { return nil }
      return finding(
        .warning, space.name,
        "the lowest calibrated false-match rate is \(lowest), above \(dataset.limits.falseMatchRate)"
      )
    }
  }
}
