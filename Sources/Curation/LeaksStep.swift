import Analysis
import Cataloging
import Diagnostics
public import Domain

/// Finds images that resemble a person of a reference gallery, image against image, and says
/// whether they show the same photograph or only the same person.
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
    /// Writes the proposals into the ledger.
    public var applies: Bool
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold]
    /// How the builder searches: an engine that is not exact may answer otherwise.
    public var engine = "faiss:Flat"

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
    let summary: JSONValue
    let done = try await context.done(provenance)
    if let done {
      summary = done
    } else {
      let suspects = try await context.require(
        options.space, options.suspects, includesQuarantined: true)
      let gallery = try await context.require(
        options.space, [options.gallery], includesQuarantined: true)
      try await context.logComparisons(with: gallery) { $0 * suspects.unit.count }
      let pairs = try await search(suspects, gallery, at: points, in: context)
      summary = self.summary(pairs, suspects: suspects, gallery: gallery, points)
      try await context.catalog.commit(pairs, of: provenance.step(summary: summary))
    }
    let report = StepReport(
      Self.name, wasDone: done != nil, lines: lines(summary), document: summary,
      hasFindings: !options.applies && (summary["leaks"]?.intValue ?? 0) > 0)
    guard options.applies else { return report }
    return try await context.applying(report, pairsOf: provenance.key, rule: "leak")
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    try await provenance(at: points(in: context), in: context)
  }

  /// The cosine to decide at, and the one from which on a person should look.
  private struct Points {
    var decide: OperatingPoint
    var review: OperatingPoint
  }

  private func points(in context: StepContext) async throws -> Points {
    func point(_ choice: ThresholdChoice) async throws -> OperatingPoint {
      try await context.operatingPoint(
        choice, in: context.space(named: options.space),
        cohorts: [options.gallery, .real, .reference].uniqued() + options.suspects.sorted(),
        documented: options.space == Space.identity ? options.documented : [])
    }
    return Points(
      decide: try await point(options.threshold), review: try await point(options.review))
  }

  private func provenance(
    at points: Points, in context: StepContext
  ) async throws -> Provenance {
    let gallery: Set<Population> = [options.gallery]
    let inputs = [
      try await context.embeddingDigest(
        options.space, options.suspects, includesQuarantined: true),
      try await context.embeddingDigest(options.space, gallery, includesQuarantined: true),
      try await context.embeddingDigest(
        Space.pixel, options.suspects.union(gallery), includesQuarantined: true),
    ]
    return Provenance(Self.name, in: context, parameters: parameters(points), inputs: inputs)
  }

  private func search(
    _ suspects: EmbeddedImages, _ gallery: EmbeddedImages, at points: Points,
    in context: StepContext
  ) async throws -> [PairRecord] {
    let populations = options.suspects.union([options.gallery])
    let pictures = PictureComparison(
      image: nil,
      thumbnails: try await context.embedded(
        Space.pixel, populations, includesQuarantined: true))
    context.progress.begin("searching leaks", total: nil, unit: "pairs")
    let rule = LeakRule(
      decideAtLeast: points.decide.similarity, reviewAtLeast: points.review.similarity,
      registeredAtLeast: options.registeredCorrelation)
    let found = try builder.index(gallery.unit).pairs(from: suspects.unit, atLeast: rule.floor)
    let suspectIDs = suspects.images
    let galleryIDs = gallery.images
    let answers = try pictures.compare(
      found.map { (suspectIDs[$0.query], galleryIDs[$0.target]) }, threads: context.threads)
    context.progress.advance(to: found.count)
    context.progress.end(nil)
    return zip(found, answers).map { pair, answer in
      let tier = rule.tier(registered: answer.registered)
      let verdict = rule.verdict(identity: pair.similarity, registered: answer.registered)
      return PairRecord(
        kind: .leak, kept: galleryIDs[pair.target], removed: suspectIDs[pair.query],
        tier: tier.rawValue, identitySimilarity: pair.similarity,
        imageSimilarity: answer.registered, isMirrored: tier == .samePicture && answer.isMirrored,
        verdict: (verdict == .leak ? PairVerdict.quarantine : .review).rawValue)
    }
  }

  private func parameters(_ points: Points) -> JSONValue {
    [
      "suspects": .array(options.suspects.sorted().map { .string($0.rawValue) }),
      "gallery": .string(options.gallery.rawValue), "space": .string(options.space),
      "threshold": points.decide.document,
      "engine": .string(options.engine), "review": points.review.document,
      "registeredCorrelationAtLeast": JSONValue(options.registeredCorrelation.value),
    ]
  }

  private func summary(
    _ pairs: [PairRecord], suspects: EmbeddedImages, gallery: EmbeddedImages,
    _ points: Points
  ) -> JSONValue {
    let certain = pairs.filter { $0.verdict == PairVerdict.quarantine.rawValue }
    let leaking = Set(certain.map(\.removed))
    let doubtful = Set(pairs.map(\.removed)).subtracting(leaking)
    let point = points.decide
    let comparisons = suspects.unit.count * gallery.unit.count
    let same = Set(pairs.filter { $0.tier == LeakTier.samePicture.rawValue }.map(\.removed))
    return [
      "suspects": .int(suspects.unit.count), "gallery": .int(gallery.unit.count),
      "comparisons": .int(comparisons), "pairs": .int(pairs.count),
      "leaks": .int(leaking.count), "samePicture": .int(same.count),
      "toReview": .int(doubtful.count), "review": points.review.document,
      "reviewText": .string(points.review.text),
      "asked": options.asked, "threshold": point.document, "thresholdText": .string(point.text),
      "expectedFalsePairs": JSONValue(point.falseMatchRate) { .double($0 * Double(comparisons)) },
    ]
  }

  private func lines(_ summary: JSONValue) -> [String] {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    let expected =
      summary["expectedFalsePairs"]?.doubleValue
      .map { ", at most \(HumanNumbers.decimal($0, 1)) pairs expected by chance" } ?? ""
    return [
      """
      \(count("suspects")) images against \(count("gallery")) of the \
      \(options.gallery.rawValue) gallery: \(count("comparisons")) comparisons
      """,
      "threshold \(summary["thresholdText"]?.stringValue ?? "")\(expected)",
      """
      \(count("leaks")) images leak (\(count("samePicture")) show the same picture)
      """,
      """
      \(count("toReview")) more to look at, from \(summary["reviewText"]?.stringValue ?? "") on
      """,
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
