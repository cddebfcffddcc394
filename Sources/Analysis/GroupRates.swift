public import Domain

/// One group of a cohort at a similarity chosen for the whole cohort.
public struct GroupRates: Equatable, Sendable {
  public var name: String
  public var identities: Int
  public var images: Int
  /// Within the group; nil where it has fewer than two identities.
  public var falseMatches: RateEstimate?
  /// Genuine comparisons, and those below the similarity.
  public var genuine: Int
  public var missed: Int
  /// The group's own similarity at the rate; nil where its comparisons do not support the rate.
  public var own: MatchThreshold?

  /// The FNMR; nil without genuine comparisons.
  public var falseNonMatchRate: Double? {
    genuine > 0 ? Double(missed) / Double(genuine) : nil
  }
}

/// Groups of one cohort, each compared within itself.
public struct GroupComparison: Equatable, Sendable {
  /// Two groups whose false-match rates differ beyond chance.
  public struct Difference: Equatable, Sendable {
    /// The group with the higher rate, and the one with the lower.
    public var higher: String
    public var lower: String
  }

  /// The similarity all are held against, and the rate it stands for in the whole cohort.
  public let similarity: CosineSimilarity
  public let falseMatchRate: Double
  public let groups: [GroupRates]
  public let differences: [Difference]

  /// Compares groups at `similarity`, where the whole cohort has `rate`.
  ///
  /// Two groups differ when their intervals at 1 - 0.05 / (number of groups) have no point in common:
  /// by Bonferroni's inequality the chance that any group's interval misses its rate is then at most
  /// 5 %, so is the chance of naming a difference that is none.
  public init(
    _ cohorts: [(name: String, scores: CohortScores)], at similarity: CosineSimilarity,
    rate: Double
  ) {
    self.similarity = similarity
    falseMatchRate = rate
    groups = cohorts.map { Self.rates($0.name, $0.scores, at: similarity, rate) }
    let confidence = 1 - 0.05 / Double(max(1, cohorts.count))
    let strict = cohorts.compactMap { cohort in
      cohort.scores.falseMatchRate(at: similarity, confidence: confidence)
        .map { (name: cohort.name, interval: $0.interval) }
    }
    differences = strict.flatMap { higher in
      strict.filter { $0.interval.high < higher.interval.low }
        .map { Difference(higher: higher.name, lower: $0.name) }
    }
  }

  private static func rates(
    _ name: String, _ scores: CohortScores, at similarity: CosineSimilarity, _ rate: Double
  ) -> GroupRates {
    let genuine = scores.rates.genuine
    return GroupRates(
      name: name, identities: scores.identities, images: scores.sizes.reduce(0, +),
      falseMatches: scores.falseMatchRate(at: similarity), genuine: genuine.count,
      missed: genuine.count - genuine.count(atLeast: similarity.value),
      own: try? scores.threshold(atFalseMatchRate: rate))
  }
}
