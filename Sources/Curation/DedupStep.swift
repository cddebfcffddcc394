import Analysis
import Cataloging
import Diagnostics
public import Domain

/// Finds exact and near-duplicates, groups them without chaining, and proposes to keep one image
/// per group: the sharpest, then the oldest.
public struct DedupStep: Sendable {
  public static let name = "dedup"

  /// What to compare, and when two images count as one.
  public struct Options: Equatable, Sendable {
    /// Searched together: a digital and a generated image may be duplicates of each other.
    public var populations: Set<Population>
    /// First key, in the identity space.
    public var identity: ThresholdChoice
    /// Second key: cosine in the image space.
    public var imageSimilarity: CosineSimilarity
    /// Second key: correlation after registering the crops.
    public var registeredCorrelation: CosineSimilarity
    /// Searches this space with one key alone; for vectors without pictures.
    public var onlySpace: String?
    /// Writes the proposals into the ledger.
    public var applies: Bool
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold]
    /// How the builder searches: an engine that is not exact may answer otherwise.
    public var engine = "faiss:Flat"

    public init(
      populations: Set<Population> = [.digital, .generated], rates: CurationRates = .standard
    ) {
      self.populations = populations
      identity = .falseMatchRate(rates.duplicate)
      imageSimilarity = CosineSimilarity(rates.imageSimilarity)
      registeredCorrelation = CosineSimilarity(rates.registeredCorrelation)
      onlySpace = nil
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
    let point = try await point(in: context)
    let provenance = try await provenance(at: point, in: context)
    let summary: JSONValue
    let done = try await context.done(provenance)
    if let done {
      summary = done
    } else {
      let identity = try await context.require(
        spaceName, options.populations, includesQuarantined: true)
      let images = try await context.catalog.images(
        ImageFilter(populations: options.populations, includesQuarantined: true))
      let search = DuplicateSearch(
        images: images, identity: identity, pictures: try await pictures(in: context),
        floor: point.similarity,
        options: options, threads: context.threads)
      let pairs = try search.run(builder: builder, progress: context.progress)
      summary = self.summary(pairs, images: images.count, point)
      try await context.catalog.commit(pairs, of: provenance.step(summary: summary))
    }
    let report = StepReport(
      Self.name, wasDone: done != nil, lines: lines(summary), document: summary,
      hasFindings: !options.applies && (summary["removals"]?.intValue ?? 0) > 0)
    guard options.applies else { return report }
    return try await context.applying(report, pairsOf: provenance.key, rule: "duplicate")
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    try await provenance(at: point(in: context), in: context)
  }

  private var spaceName: String { options.onlySpace ?? Space.identity }

  private func point(in context: StepContext) async throws -> OperatingPoint {
    try await context.operatingPoint(
      options.identity, in: context.space(named: spaceName), cohorts: options.cohorts,
      documented: options.documented)
  }

  private func provenance(
    at point: OperatingPoint, in context: StepContext
  ) async throws -> Provenance {
    var inputs: [String] = []
    for name in options.onlySpace.map({ [$0] }) ?? [Space.identity, Space.image, Space.pixel] {
      inputs.append(
        try await context.embeddingDigest(name, options.populations, includesQuarantined: true))
    }
    return Provenance(Self.name, in: context, parameters: parameters(point), inputs: inputs)
  }

  private func pictures(in context: StepContext) async throws -> PictureComparison {
    guard options.onlySpace == nil else { return PictureComparison(image: nil, thumbnails: nil) }
    return PictureComparison(
      image: try await context.embedded(
        Space.image, options.populations, includesQuarantined: true),
      thumbnails: try await context.embedded(
        Space.pixel, options.populations, includesQuarantined: true))
  }

  private func parameters(_ point: OperatingPoint) -> JSONValue {
    [
      "populations": .array(options.populations.sorted().map { .string($0.rawValue) }),
      "space": JSONValue(options.onlySpace) { .string($0) }, "identity": point.document,
      "engine": .string(options.engine),
      "imageSimilarityAtLeast": JSONValue(options.imageSimilarity.value),
      "registeredCorrelationAtLeast": JSONValue(options.registeredCorrelation.value),
    ]
  }

  private func summary(
    _ pairs: [PairRecord], images: Int, _ point: OperatingPoint
  ) -> JSONValue {
    let tiers = Dictionary(grouping: pairs, by: \.tier).mapValues { JSONValue.int($0.count) }
    return [
      "images": .int(images), "removals": .int(pairs.count),
      "groups": .int(Set(pairs.map(\.kept)).count), "byTier": .object(tiers),
      "mirrored": .int(pairs.count(where: \.isMirrored)), "identity": point.document,
      "threshold": .string(point.text),
    ]
  }

  private func lines(_ summary: JSONValue) -> [String] {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    let tiers = (summary["byTier"]?.objectValue ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.value.intValue ?? 0) \($0.key)" }.joined(separator: ", ")
    return [
      "\(count("images")) images, first key \(summary["threshold"]?.stringValue ?? "")",
      """
      \(count("removals")) duplicates in \(count("groups")) groups\
      \(tiers.isEmpty ? "" : " (\(tiers))"), \(count("mirrored")) of them mirrored
      """,
    ]
  }
}

extension DedupStep.Options {
  /// Whose impostor pairs the first key's rate is taken from.
  var cohorts: [Population] {
    let own = populations.sorted()
    return own + [Population.digital, .real, .reference].filter { !own.contains($0) }
  }
}
