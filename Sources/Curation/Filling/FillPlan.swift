import Analysis
import Cataloging
import Cryptography
import Diagnostics
import Domain

/// Everything a fill request is decided by, loaded once: who is short, what candidates are held
/// against, and at which cosines.
///
/// Images that this very request has generated are left out on purpose, so that a request that was
/// cut off loads the same plan again.
struct FillPlan {
  let provenance: Provenance
  let points: Points
  let lines: [FillLine]
  let ground: CandidateJudge.Ground
  let gates: GateRule
  /// Both keys of a near-duplicate, as `dedup` has them.
  let duplicates: TwoKeyRule
  /// How candidates' vectors are made.
  let vectors: CandidateVectors
  /// SHA-256, in hex, over what acceptance depends on: requests of equal ones share rates.
  let conditions: String

  /// The request's key.
  var key: String { provenance.key }

  /// The cosines a request decides at.
  struct Points: Sendable {
    var own: OperatingPoint
    var duplicate: OperatingPoint
    /// From here on a candidate is refused.
    var leak: OperatingPoint?
    /// What varied identity vectors keep to their prototype; nil for latents.
    var floor: OperatingPoint?
    /// From here on `leaks` is certain: how many prototypes a person of the gallery gets depends on it.
    var certainLeak: OperatingPoint?
    /// What pictures must show alike.
    var spread = SpreadPlan()

    var document: JSONValue {
      var fields: [String: JSONValue] = [
        "own": own.document, "duplicate": duplicate.document,
        "leak": JSONValue(leak) { $0.document },
        "certainLeak": JSONValue(certainLeak) { $0.document },
      ]
      if let floor { fields["floor"] = floor.document }
      return .object(fields)
    }

    /// One line each, for people.
    var texts: [String] {
      ["own identity from \(own.text)", "duplicate, first key from \(duplicate.text)"]
        + (leak.map { ["leak from \($0.text)"] } ?? [])
        + (floor.map { ["asked for within \($0.text) of the prototype"] } ?? [])
    }
  }

  static func load(
    options: FillStep.Options, parts: FillStep.Parts, in context: StepContext
  ) async throws -> FillPlan {
    let (provenance, points) = try await decide(options: options, parts: parts, in: context)
    let originals = try await context.identityOriginals()
    let gallery = try await context.embedded(
      Space.identity, [.reference], includesQuarantined: true)
    let images = try await imagesOfSet(originals, leavingOut: provenance.key, in: context)
    let ground = try await ground(originals, images, gallery, points, options, parts, in: context)
    let vectors = try candidateVectors(options, parts, originals, points)
    var lines = try await lines(options, images, points.spread, in: context)
    if parts.generator.input.kind == .identity {
      for index in lines.indices { lines[index].setCentre(vectors) }
    }
    var gates = GateRule(
      ownFloor: points.own.similarity, margin: 0,
      leakFloor: points.leak?.similarity ?? CosineSimilarity(2),
      duplicateFloor: CosineSimilarity(options.rates.registeredCorrelation))
    gates.sharpnessFloor = nil
    let dedup = DedupStep.Options(rates: options.rates)
    return FillPlan(
      provenance: provenance, points: points, lines: lines, ground: ground, gates: gates,
      duplicates: TwoKeyRule(
        identityFloor: points.duplicate.similarity, imageFloor: dedup.imageSimilarity,
        registeredFloor: dedup.registeredCorrelation, registeredAloneFloor: dedup.registeredAlone),
      vectors: vectors,
      conditions: SHA256.hex(of: conditions(options, parts, points).compact))
  }

  /// The request's provenance and the cosines it decides at.
  static func decide(
    options: FillStep.Options, parts: FillStep.Parts, in context: StepContext
  ) async throws -> (Provenance, Points) {
    let space = try await context.space(named: Space.identity)
    try requireChain(parts.chain, matches: space)
    try requireConditioning(options, parts.generator, in: space)
    let gallery = try await context.embeddingDigest(
      Space.identity, [.reference], includesQuarantined: true)
    var points = try await points(options, space, hasGallery: gallery != "-", in: context)
    points.floor = try await floor(options, parts.generator, points.own, in: context)
    points.spread = try await SpreadPlan.load(options, parts.chain, in: context)
    let lost = try await context.catalog.images(
      ImageFilter(
        populations: [.generated], includesQuarantined: true, includesOutdated: true)
    ).filter(\.isQuarantined).map { "\($0.id)" }
    let digital = try await context.embeddingDigest(
      Space.identity, [.digital], includesQuarantined: false)
    let sampled = try await context.sampledImages().sorted().map { "\($0)" }
    let provenance = Provenance(
      FillStep.name, in: context,
      parameters: parameters(options, parts, points, seed: context.seed),
      inputs: [digital, gallery, lost.joined(separator: " ")]
        + (sampled.isEmpty ? [] : [sampled.joined(separator: " ")]))
    return (provenance, points)
  }

  /// Candidates must land in the same space as the images they are held against.
  private static func requireChain(
    _ chain: EmbeddingChain, matches space: Space
  ) throws(CurationError) {
    guard chain.spaces.contains(space) else {
      throw CurationError(
        .missingInput, "the digital images were embedded by other models than those chosen now",
        hint: "choose the same models in workspace.json, or index again in a new workspace")
    }
  }

  private static func points(
    _ options: FillStep.Options, _ space: Space, hasGallery: Bool, in context: StepContext
  ) async throws -> Points {
    func point(_ rate: Double, _ cohorts: [Population]) async throws -> OperatingPoint {
      try await context.operatingPoint(
        options.allowsExtrapolated ? .extrapolable(rate) : .falseMatchRate(rate), in: space,
        cohorts: cohorts, documented: options.documented)
    }
    let own = try await point(options.rates.ownIdentity, [.digital, .real, .reference])
    let duplicate = try await point(options.rates.duplicate, [.digital, .real, .reference])
    guard hasGallery else { return Points(own: own, duplicate: duplicate, leak: nil) }
    let cohorts: [Population] = [.reference, .real, .digital]
    let leak = try await point(options.rates.leakReview, cohorts)
    // Where no cosine is known at the stricter rate, the looser one stands in.
    let certain = try? await point(options.rates.leak, cohorts)
    return Points(own: own, duplicate: duplicate, leak: leak, certainLeak: certain ?? leak)
  }

  private static func parameters(
    _ options: FillStep.Options, _ parts: FillStep.Parts, _ points: Points, seed: UInt64
  ) -> JSONValue {
    [
      "imagesPerIdentity": .int(options.imagesPerIdentity),
      "budget": JSONValue(options.budget) { $0.document },
      "attemptsPerPicture": .int(options.rates.attemptsPerPicture),
      "spread": .string(options.isStrictSpread ? "strict" : "prefer"),
      "stop": [.double(options.stop.doubt), .int(options.stop.fewestAttempts)],
      "conditions": conditions(options, parts, points), "seed": .string("\(seed)"),
    ]
  }

  /// How candidates are made and judged.
  private static func conditions(
    _ options: FillStep.Options, _ parts: FillStep.Parts, _ points: Points
  ) -> JSONValue {
    var fields: [String: JSONValue] = [
      "interpolation": [
        .double(options.interpolation.lowerBound), .double(options.interpolation.upperBound),
      ],
      "arcBins": .int(options.arcBins),
      "imageSimilarity": JSONValue(options.rates.imageSimilarity),
      "registeredCorrelation": JSONValue(options.rates.registeredCorrelation),
      "points": points.document, "generator": .string(parts.generator.digest),
      "spaces": .array(parts.chain.spaces.map { .string($0.encoderDigest) }),
    ]
    if parts.generator.input.kind == .identity {
      fields["variation"] = .string((options.variation ?? .slerp).rawValue)
    }
    if !points.spread.axes.isEmpty { fields["spreadBins"] = points.spread.document }
    return .object(fields)
  }

  /// Digital images and those generated by other requests; the vector of a sampled identity is no image.
  private static func imagesOfSet(
    _ originals: EmbeddedImages, leavingOut request: String, in context: StepContext
  ) async throws -> EmbeddedImages {
    let own = Set(try await context.catalog.attempts(request: request).compactMap(\.image))
      .union(try await context.sampledImages())
    let all = try await context.embedded(
      Space.identity, [.digital, .generated], includesQuarantined: false)
    return all?.filtered { !own.contains($0.image) } ?? originals.filtered { _ in false }
  }

  /// One line per identity of the digital sources and per sampled identity in force, by identity.
  private static func lines(
    _ options: FillStep.Options, _ images: EmbeddedImages, _ spread: SpreadPlan,
    in context: StepContext
  ) async throws -> [FillLine] {
    let identities = try await context.identitiesToFill()
    let had = Dictionary(grouping: images.identities.compactMap { $0 }, by: { $0 })
      .mapValues(\.count)
    let counts = Dictionary(
      uniqueKeysWithValues: identities.map { (Int($0.id), had[$0.id] ?? 0) })
    let planned = Quota.plan(counts: counts, wanted: options.imagesPerIdentity)
    let names = Dictionary(uniqueKeysWithValues: identities.map { (Int($0.id), $0.name) })
    let shown = try await spread.shown(images, in: context.catalog)
    return planned.map { line in
      let price = options.rates.attemptsPerPicture
      var filled = FillLine(
        identity: Int64(line.identity), name: names[line.identity] ?? "", had: line.had,
        wanted: options.imagesPerIdentity, cap: line.missing * price)
      filled.arcs = ArcBins(
        count: options.arcBins, wanted: line.missing, attemptsPerPicture: price,
        isStrict: options.isStrictSpread)
      filled.spread = spread.targets(
        wanted: options.imagesPerIdentity, cap: filled.cap, shown[filled.identity] ?? [])
      return filled
    }
  }
}
