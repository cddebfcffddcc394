/// No image is invisible to the measurements.
struct EveryImageIsEmbedded: AuditRule {
  static let name = "every-image-is-embedded"
  static let question = "Has every image a vector in every space?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    dataset.spaces.compactMap { space in
      guard space.embedded < space.expected else { return nil }
      let missing = space.expected - space.embedded
      return finding(
        .failure, space.name, "\(missing) of \(space.expected) images have no vector")
    }
  }
}
