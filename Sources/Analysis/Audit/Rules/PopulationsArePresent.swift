import Domain

/// Both sides of Δ have images.
struct PopulationsArePresent: AuditRule {
  static let name = "populations-are-present"
  static let question = "Does the dataset hold digital and real images?"

  func findings(in dataset: DatasetSummary) -> [AuditFinding] {
    [Population.digital, .real].compactMap { population in
      let images = dataset.populations.filter { $0.population == population }.map(\.images)
      guard images.reduce(0, +) == 0 else { return nil }
      return finding(.failure, population.rawValue, "there are no \(population.rawValue) images")
    }
  }
}
