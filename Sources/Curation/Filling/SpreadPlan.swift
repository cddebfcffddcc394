import Analysis
import Cataloging
import Diagnostics
import Domain

/// What a request spreads pictures over, and by which network's scores.
struct SpreadPlan: Sendable {
  var axes: [SpreadAxis] = []
  /// What marks the scores that compare with the bins.
  var scorer: String?
  var isStrict = false

  /// True where refusals for a full bin end by themselves.
  var isFree: Bool { !axes.isEmpty && !isStrict }

  static func load(
    _ options: FillStep.Options, _ chain: EmbeddingChain, in context: StepContext
  ) async throws -> SpreadPlan {
    var plan = SpreadPlan(scorer: chain.qualityDigest, isStrict: options.isStrictSpread)
    if options.poseBins > 1 {
      let bins = ValueBins(equal: options.poseBins, over: HeadTurn.range)
      plan.axes.append(SpreadAxis(.turn, bins))
    }
    if options.qualityBins > 1 {
      plan.axes.append(SpreadAxis(.quality, try await qualityBins(options, chain, in: context)))
    }
    return plan
  }

  /// Quantiles of the scores that the set's own images have.
  private static func qualityBins(
    _ options: FillStep.Options, _ chain: EmbeddingChain, in context: StepContext
  ) async throws -> ValueBins {
    guard let scorer = chain.qualityDigest else {
      throw CurationError(
        .setting, "there are no scores to spread by: the workspace names no quality network",
        hint: "set \"quality\" in workspace.json and index again, or leave out --quality-bins")
    }
    let scores = try await context.catalog.images(ImageFilter(populations: [.digital]))
      .filter { $0.facts.qualityEncoder == scorer }.compactMap(\.facts.quality)
    guard let bins = ValueBins(quantiles: options.qualityBins, of: scores) else {
      throw CurationError(
        .missingInput,
        """
        \(HumanNumbers.count(scores.count)) digital images have a score of the quality network, too \
        few different ones for \(options.qualityBins) bins
        """, hint: "index the digital images again, or ask for fewer --quality-bins")
    }
    return bins
  }

  /// For provenance.
  var document: JSONValue {
    var fields: [String: JSONValue] = ["strict": .bool(isStrict)]
    for axis in axes {
      fields[axis.measure.rawValue] = .array(axis.bins.bounds.map { .double($0) })
      if axis.measure == .quality { fields["scorer"] = JSONValue(scorer) { .string($0) } }
    }
    return .object(fields)
  }

  func targets(wanted: Int, cap: Int, _ shown: [SpreadValues]) -> SpreadTargets {
    var targets = SpreadTargets(axes, wanted: wanted, cap: cap, isStrict: isStrict)
    for values in shown { targets.add(values) }
    return targets
  }

  /// What the pictures of each identity show.
  func shown(
    _ images: EmbeddedImages, in catalog: Catalog
  ) async throws -> [Int64: [SpreadValues]] {
    guard !axes.isEmpty else { return [:] }
    let values = try await values(of: images.images, in: catalog)
    var shown: [Int64: [SpreadValues]] = [:]
    for location in images.locations {
      guard let identity = location.identity, let own = values[location.image] else { continue }
      shown[identity, default: []].append(own)
    }
    return shown
  }

  /// What images of the set show, by image.
  func values(of images: [Int64], in catalog: Catalog) async throws -> [Int64: SpreadValues] {
    guard !images.isEmpty else { return [:] }
    let wanted = Set(images)
    let records = try await catalog.images(
      ImageFilter(
        populations: [.digital, .generated], includesQuarantined: true, includesOutdated: true))
    return Dictionary(
      uniqueKeysWithValues: records.filter { wanted.contains($0.id) }.map {
        ($0.id, SpreadValues($0.facts, scorer: scorer))
      })
  }
}

extension SpreadValues {
  /// Of an image on record; another network's score is none.
  init(_ facts: ImageFacts, scorer: String?) {
    self.init(
      turn: facts.landmarks.flatMap(HeadTurn.amount).map(Double.init),
      quality: facts.qualityEncoder == scorer ? facts.quality : nil)
  }

  /// Of a candidate: the same numbers that the catalog gets.
  init(_ made: CandidateMaker.Made) {
    self.init(
      turn: made.landmarks.flatMap(HeadTurn.amount).map(Double.init), quality: made.quality)
  }
}

extension CandidateMaker.Made {
  /// As the catalog keeps them.
  var landmarks: [Float]? {
    face?.landmarks?.points.flatMap { [Float($0.x), Float($0.y)] }
  }
}
