import Analysis
import Cataloging
import Diagnostics
import Domain
import Glibc

/// How many distinct identities fit into the identity space at a false-match rate, and how much of that
/// the set uses. Nothing is recorded: it is read off what there is.
public struct CapacityReading: Sendable {
  /// At which threshold, and what is tolerated.
  public struct Options: Equatable, Sendable {
    public var threshold: ThresholdChoice
    /// Collisions by chance that are tolerated among all identities.
    public var budget = 1.0
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold] = []

    public init(rates: CurationRates = .standard) {
      threshold = .falseMatchRate(rates.leakReview)
    }
  }

  let options: Options

  public init(_ options: Options) { self.options = options }

  public func run(in context: StepContext) async throws -> StepReport {
    let originals = try await context.identityOriginals().filtered { $0.identity != nil }
    let labels = originals.identities.map { $0.map(Int.init) }
    let prototypes = try Prototypes.byIdentity(originals.unit, labels: labels)
    var search = CollisionsStep.Options()
    search.threshold = options.threshold
    search.documented = options.documented
    let points = try await CollisionPoints.find(search, in: context)
    let population = try IdentitySpread.population(
      prototypes, seed: context.seed, threads: context.threads)
    guard let population else {
      throw CurationError(
        .missingInput, "\(prototypes.count) identities show no spread to measure",
        hint: "index more identities: d2r-curate index FOLDER --population digital")
    }
    let identity =
      try IdentitySpread.identity(originals.unit, labels: labels, threads: context.threads) ?? 0
    let capacity = IdentityCapacity(
      populationHalfAngle: population, identityHalfAngle: identity,
      threshold: points.images.similarity, width: originals.space.width)
    let impostors = try ClassMeans(originals.unit, labels: labels).impostors(seed: context.seed)
    let point = points.prototypes ?? points.images
    let own = OwnRate(scores: impostors, at: point.similarity)
    return report(capacity, identities: prototypes.count, points.images, point, own)
  }

  /// How often two identities of the set itself match.
  struct OwnRate {
    var rate: Double
    var pairs: Int
    var matching: Int

    init(scores: ScoreDistribution, at similarity: CosineSimilarity) {
      pairs = scores.count
      matching = scores.count(atLeast: similarity.value)
      rate = pairs > 0 ? Double(matching) / Double(pairs) : 0
    }

    /// The measured rate, or the bound that no match among so many pairs leaves (rule of three).
    var bounded: Double { matching > 0 || pairs == 0 ? rate : 3 / Double(pairs) }
  }

  private func report(
    _ capacity: IdentityCapacity, identities: Int, _ images: OperatingPoint,
    _ prototypes: OperatingPoint, _ own: OwnRate
  ) -> StepReport {
    let nominal = prototypes.falseMatchRate
    let byRate = nominal.flatMap {
      ChanceCollisions.mostIdentities(budget: options.budget, rate: $0)
    }
    let byOwn = ChanceCollisions.mostIdentities(budget: options.budget, rate: own.bounded)
    let used = Double(identities) / capacity.identities
    var document: [String: JSONValue] = [
      "identities": .int(identities), "log10Capacity": .double(capacity.logIdentities / M_LN10),
      "used": .double(used),
      "populationDegrees": .double(degrees(capacity.populationHalfAngle)),
      "identityDegrees": .double(degrees(capacity.identityHalfAngle)),
      "thresholdDegrees": .double(degrees(capacity.thresholdHalfAngle)),
      "width": .int(capacity.width), "threshold": images.document,
      "prototypeThreshold": prototypes.document, "budget": .double(options.budget),
      "identitiesWithinBudget": JSONValue(byRate) { .int($0) },
      "ownPairs": .int(own.pairs), "ownMatches": .int(own.matching),
      "ownRate": .double(own.rate),
      "identitiesWithinBudgetAtOwnRate": JSONValue(byOwn) { .int($0) },
    ]
    if capacity.identities.isFinite { document["capacity"] = .double(capacity.identities) }
    if let nominal {
      document["expectedCollisions"] = .double(
        ChanceCollisions.expected(identities: identities, rate: nominal))
    }
    return StepReport(
      "capacity", wasDone: false,
      lines: lines(capacity, identities, images, prototypes, own, (byRate, byOwn)),
      document: .object(document))
  }

  private func lines(
    _ capacity: IdentityCapacity, _ identities: Int, _ images: OperatingPoint,
    _ prototypes: OperatingPoint, _ own: OwnRate, _ within: (rate: Int?, own: Int?)
  ) -> [String] {
    let used = Double(identities) / capacity.identities
    let budget = HumanNumbers.decimal(options.budget, 1)
    var lines = [
      """
      about \(most(capacity)) distinct identities fit at \(images.text); the set has \
      \(HumanNumbers.count(identities)), \(HumanNumbers.percent(used)) of it
      """,
      """
      caps of half-angle \(text(capacity.populationHalfAngle)) (all identities) and \
      \(text(capacity.identityHalfAngle)) (one identity), each with \
      \(text(capacity.thresholdHalfAngle)) for the threshold, in \(capacity.width) dimensions
      """,
    ]
    if let rate = prototypes.falseMatchRate {
      let expected = ChanceCollisions.expected(identities: identities, rate: rate)
      lines.append(
        """
        by chance at \(prototypes.text): \(HumanNumbers.decimal(expected, 2)) collisions expected \
        among them; \(budget) from \(within.rate.map(HumanNumbers.count) ?? "no number of") \
        identities on
        """)
    }
    let bound = own.matching == 0 ? "fewer than 3 in " : "\(HumanNumbers.count(own.matching)) of "
    lines.append(
      """
      of the set's own prototypes \(bound)\(HumanNumbers.count(own.pairs)) pairs match; at that rate \
      \(budget) from \(within.own.map(HumanNumbers.count) ?? "no number of") identities on
      """)
    lines.append(
      "an upper bound where identities crowd: it takes them to fill their cap evenly, without gaps")
    if capacity.identityHalfAngle >= capacity.populationHalfAngle {
      lines.append(
        "one identity's pictures spread as wide as all identities do: caps cannot tell them apart")
    }
    return lines
  }

  private func most(_ capacity: IdentityCapacity) -> String {
    capacity.identities < 1e9
      ? HumanNumbers.count(Int(capacity.identities))
      : "10^" + HumanNumbers.decimal(capacity.logIdentities / M_LN10, 1)
  }

  private func degrees(_ angle: Double) -> Double { angle * 180 / Double.pi }
  private func text(_ angle: Double) -> String {
    HumanNumbers.decimal(degrees(angle), 1) + " degrees"
  }
}
