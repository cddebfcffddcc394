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
    public var threshold: ThresholdChoice
    /// From here on the pair is the same photograph.
    public var registeredCorrelation: CosineSimilarity
    /// Writes the proposals into the ledger.
    public var applies: Bool
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold]

    public init(
      suspects: Set<Population> = [.digital, .generated], gallery: Population = .reference,
      rates: CurationRates = .standard
    ) {
      self.suspects = suspects
      self.gallery = gallery
      threshold = .falseMatchRate(rates.leak)
      registeredCorrelation = CosineSimilarity(rates.registeredCorrelation)
      applies = false
      documented = []
    }
  }

  /// A leak of the very picture.
  static let samePicture = "same-picture"
  /// A leak of the person in another picture.
  static let samePerson = "same-person"

  let options: Options
  let builder: any VectorIndexBuilder

  public init(_ options: Options, builder: any VectorIndexBuilder) {
    self.options = options
    self.builder = builder
  }

  public func run(in context: StepContext) async throws -> StepReport {
    let point = try await point(in: context)
    let provenance = try await provenance(at: point, in: context)
    let summary: JSONValue
    let done = try await context.done(provenance)
    if let done {
      summary = done
    } else {
      let suspects = try await context.require(
        Space.identity, options.suspects, includesQuarantined: true)
      let gallery = try await context.require(
        Space.identity, [options.gallery], includesQuarantined: true)
      let pairs = try await search(suspects, gallery, at: point, in: context)
      summary = self.summary(pairs, suspects: suspects, gallery: gallery, point)
      try await context.catalog.commit(pairs, of: provenance.step(summary: summary))
    }
    return try await conclude(provenance, summary, wasDone: done != nil, in: context)
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    try await provenance(at: point(in: context), in: context)
  }

  private func point(in context: StepContext) async throws -> OperatingPoint {
    try await context.operatingPoint(
      options.threshold, in: context.space(named: Space.identity),
      cohorts: [options.gallery, .real, .reference].uniqued() + options.suspects.sorted(),
      documented: options.documented)
  }

  private func provenance(
    at point: OperatingPoint, in context: StepContext
  ) async throws -> Provenance {
    let gallery: Set<Population> = [options.gallery]
    let inputs = [
      try await context.embeddingDigest(
        Space.identity, options.suspects, includesQuarantined: true),
      try await context.embeddingDigest(Space.identity, gallery, includesQuarantined: true),
      try await context.embeddingDigest(
        Space.pixel, options.suspects.union(gallery), includesQuarantined: true),
    ]
    return Provenance(Self.name, in: context, parameters: parameters(point), inputs: inputs)
  }

  private func search(
    _ suspects: EmbeddedImages, _ gallery: EmbeddedImages, at point: OperatingPoint,
    in context: StepContext
  ) async throws -> [PairRecord] {
    let populations = options.suspects.union([options.gallery])
    let pictures = PictureComparison(
      image: nil,
      thumbnails: try await context.embedded(
        Space.pixel, populations, includesQuarantined: true))
    context.progress.begin(
      "searching leaks", total: nil, unit: "comparisons")
    let found = try builder.index(gallery.unit)
      .pairs(from: suspects.unit, atLeast: point.similarity)
    let suspectIDs = suspects.images
    let galleryIDs = gallery.images
    let answers = try pictures.compare(
      found.map { (suspectIDs[$0.query], galleryIDs[$0.target]) }, threads: context.threads)
    context.progress.end("\(found.count) pairs")
    return zip(found, answers).map { pair, answer in
      let isSame = answer.registered.map { $0 >= options.registeredCorrelation } ?? false
      return PairRecord(
        kind: .leak, kept: galleryIDs[pair.target], removed: suspectIDs[pair.query],
        tier: isSame ? Self.samePicture : Self.samePerson,
        identitySimilarity: pair.similarity, imageSimilarity: answer.registered,
        isMirrored: isSame && answer.isMirrored, verdict: DecisionAction.quarantine.rawValue)
    }
  }

  private func conclude(
    _ provenance: Provenance, _ summary: JSONValue, wasDone: Bool, in context: StepContext
  ) async throws -> StepReport {
    var lines = self.lines(summary)
    var document = summary
    if options.applies {
      let pairs = try await context.catalog.pairs(step: provenance.key)
      let applied = try await context.apply(pairs, rule: "leak", step: provenance.key)
      lines.append(applied.sentence)
      document = document.adding("applied", applied.document)
    }
    return StepReport(
      Self.name, wasDone: wasDone, lines: lines, document: document,
      hasFindings: !options.applies && (summary["leaks"]?.intValue ?? 0) > 0)
  }

  private func parameters(_ point: OperatingPoint) -> JSONValue {
    [
      "suspects": .array(options.suspects.sorted().map { .string($0.rawValue) }),
      "gallery": .string(options.gallery.rawValue), "threshold": point.document,
      "registeredCorrelationAtLeast": JSONValue(options.registeredCorrelation.value),
    ]
  }

  private func summary(
    _ pairs: [PairRecord], suspects: EmbeddedImages, gallery: EmbeddedImages,
    _ point: OperatingPoint
  ) -> JSONValue {
    let comparisons = suspects.unit.count * gallery.unit.count
    let same = Set(pairs.filter { $0.tier == Self.samePicture }.map(\.removed))
    return [
      "suspects": .int(suspects.unit.count), "gallery": .int(gallery.unit.count),
      "comparisons": .int(comparisons), "pairs": .int(pairs.count),
      "leaks": .int(Set(pairs.map(\.removed)).count), "samePicture": .int(same.count),
      "threshold": point.document, "thresholdText": .string(point.text),
      "expectedFalsePairs": JSONValue(point.falseMatchRate) { .double($0 * Double(comparisons)) },
    ]
  }

  private func lines(_ summary: JSONValue) -> [String] {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    let expected = summary["expectedFalsePairs"]?.doubleValue
      .map { ", \(HumanNumbers.decimal($0, 1)) pairs expected by chance" } ?? ""
    return [
      """
      \(count("suspects")) images against \(count("gallery")) of the \
      \(options.gallery.rawValue) gallery: \(count("comparisons")) comparisons
      """,
      "threshold \(summary["thresholdText"]?.stringValue ?? "")\(expected)",
      """
      \(count("leaks")) images leak (\(count("samePicture")) show the same picture), \
      \(count("pairs")) pairs
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
