import Analysis
import Cataloging
import Diagnostics
public import Domain

/// Finds images that resemble a person of a reference gallery, as they are and mirrored, against every
/// image and against several prototypes per person, and says whether they show the same photograph or
/// only the same person.
public struct LeaksStep: Sendable {
  public static let name = "leaks"

  /// What is compared with what, and from which cosine on it is a leak.
  public struct Options: Equatable, Sendable {
    public var suspects: Set<Population>
    public var gallery: Population
    /// The space of the comparison.
    public var space: String
    public var threshold: ThresholdChoice
    /// From here on a person should look; such pairs are listed and never applied.
    public var review: ThresholdChoice
    /// From here on the pair is the same photograph.
    public var registeredCorrelation: CosineSimilarity
    /// Also compares with several prototypes per identity of the gallery.
    public var usesPrototypes = true
    /// Writes the proposals into the ledger.
    public var applies: Bool
    /// Also puts aside, under a rule of its own, what a person should look at.
    public var appliesReview = false
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold]
    /// How the builder searches: an engine that is not exact may answer otherwise.
    public var engine = "exact"

    public init(
      suspects: Set<Population> = [.digital, .generated], gallery: Population = .reference,
      rates: CurationRates = .standard
    ) {
      self.suspects = suspects
      self.gallery = gallery
      space = Space.identity
      threshold = .falseMatchRate(rates.leak)
      review = .falseMatchRate(rates.leakReview)
      registeredCorrelation = CosineSimilarity(rates.registeredCorrelation)
      applies = false
      documented = []
    }

    /// Where the suspects' mirrored vectors are, if there are any.
    var mirroredSpace: String { "\(space)-mirrored" }
  }

  let options: Options
  let builder: any VectorIndexBuilder

  public init(_ options: Options, builder: any VectorIndexBuilder) {
    self.options = options
    self.builder = builder
  }

  public func run(in context: StepContext) async throws -> StepReport {
    let points = try await points(in: context)
    let provenance = try await provenance(at: points, in: context)
    let done = try await context.done(provenance)
    let summary: JSONValue
    if let done { summary = done } else { summary = try await search(points, provenance, context) }
    let report = StepReport(
      Self.name, wasDone: done != nil, lines: LeakSummary(options: options).lines(summary),
      document: summary, hasFindings: !options.applies && (summary["leaks"]?.intValue ?? 0) > 0)
    guard options.applies else { return report }
    let pairs = try await context.catalog.pairs(step: provenance.key)
    var decisions = context.decisions(pairs, verdict: .quarantine, rule: "leak", provenance.key)
    if options.appliesReview {
      let certain = Set(decisions.map(\.image))
      decisions += context.decisions(
        pairs.filter { !certain.contains($0.removed) }, verdict: .review, rule: "leak-review",
        provenance.key)
    }
    return try await context.applying(report, decisions)
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    try await provenance(at: points(in: context), in: context)
  }

  private func points(in context: StepContext) async throws -> LeakPoints {
    func point(_ choice: ThresholdChoice) async throws -> OperatingPoint {
      try await context.operatingPoint(
        choice, in: context.space(named: options.space),
        cohorts: [options.gallery, .real, .reference].uniqued() + options.suspects.sorted(),
        documented: options.space == Space.identity ? options.documented : [])
    }
    return LeakPoints(
      decide: try await point(options.threshold), review: try await point(options.review))
  }

  private func provenance(
    at points: LeakPoints, in context: StepContext
  ) async throws -> Provenance {
    let gallery: Set<Population> = [options.gallery]
    var inputs: [String] = []
    for (space, populations) in [
      (options.space, options.suspects), (options.space, gallery),
      (options.mirroredSpace, options.suspects), (Space.pixel, options.suspects.union(gallery)),
    ] {
      inputs.append(
        try await context.embeddingDigest(space, populations, includesQuarantined: true))
    }
    return Provenance(
      Self.name, in: context, parameters: parameters(points, seed: context.seed), inputs: inputs)
  }

  private func search(
    _ points: LeakPoints, _ provenance: Provenance, _ context: StepContext
  ) async throws -> JSONValue {
    let ground = try await LeakGround.load(options, samples: points, in: context)
    try await context.logComparisons(with: ground.gallery) { $0 * ground.suspects.unit.count }
    let pictures = PictureComparison(
      image: nil,
      thumbnails: try await context.embedded(
        Space.pixel, options.suspects.union([options.gallery]), includesQuarantined: true))
    context.progress.begin("searching leaks", total: nil, unit: "pairs")
    let leaks = try LeakSearch(
      ground: ground, options: options, pictures: pictures, threads: context.threads
    ).run(builder: builder)
    let certain = leaks.filter { $0.pair.verdict == PairVerdict.quarantine.rawValue }
    let means = try ClassMeansComparison(ground: ground, seed: context.seed)
      .document(of: certain, builder: builder)
    context.progress.advance(to: leaks.count)
    context.progress.end(nil)
    // An index over nothing is exact whatever its factory, so the gallery's own is asked.
    let index = try builder.index(ground.gallery.unit)
    let recall = try index.measuredRecall(
      of: ground.suspects.unit, atLeast: points.decide.similarity)
    let summary = LeakSummary(options: options).document(
      leaks, ground, classMeans: means, isExact: index.isExact,
      recall: recall)
    try await context.catalog.commit(leaks, of: provenance.step(summary: summary))
    return summary
  }

  private func parameters(_ points: LeakPoints, seed: UInt64) -> JSONValue {
    [
      "suspects": .array(options.suspects.sorted().map { .string($0.rawValue) }),
      "gallery": .string(options.gallery.rawValue), "space": .string(options.space),
      "threshold": points.decide.document,
      "engine": .string(options.engine), "review": points.review.document,
      "asked": [
        JSONValue(options.threshold.rate) { .double($0) },
        JSONValue(options.review.rate) { .double($0) },
      ],
      "prototypes": .bool(options.usesPrototypes), "seed": .string("\(seed)"),
      "registeredCorrelationAtLeast": JSONValue(options.registeredCorrelation.value),
    ]
  }
}

extension Array where Element: Hashable {
  /// Each element once, at its first place.
  func uniqued() -> [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
