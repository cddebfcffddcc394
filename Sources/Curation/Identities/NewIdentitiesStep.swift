import Analysis
import Cataloging
import Cryptography
import Diagnostics
public import Domain
import Execution
import Glibc
import LinearAlgebra
import VectorStorage

/// Samples identities beyond the digital ones and admits those that collide with nobody and leak
/// nobody.
public struct NewIdentitiesStep: Sendable {
  public static let name = "identities"

  /// Where new identities are proposed.
  public enum Spread: String, CaseIterable, Sendable {
    /// Where the digital identities lie: their mean and their variance along each principal axis.
    case faces
    /// Even on the whole sphere.
    case sphere
  }

  /// How many are wanted, and what keeps them apart.
  public struct Options: Equatable, Sendable {
    /// Sampled identities the set shall have in all: asked again, nothing is added.
    public var count: Int
    public var spread = Spread.faces
    /// A larger angle between prototypes than collisions ask for, in degrees.
    public var degrees: Double?
    /// From here on two identities are one person.
    public var collision: ThresholdChoice
    /// From here on a vector is somebody of the reference gallery.
    public var leak: ThresholdChoice
    /// Most proposals per identity still missing.
    public var proposalsPerIdentity = 100
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold] = []
    /// Looks at everything and adds nothing.
    public var isDryRun = false

    public init(count: Int, rates: CurationRates = .standard) {
      self.count = count
      collision = .falseMatchRate(rates.leakReview)
      leak = .falseMatchRate(rates.leakReview)
    }
  }

  let options: Options
  let builder: any VectorIndexBuilder

  public init(_ options: Options, builder: any VectorIndexBuilder) {
    self.options = options
    self.builder = builder
  }

  public func run(in context: StepContext) async throws -> StepReport {
    let digital = try await context.require(Space.identity, [.digital])
    let ground = try await NewIdentitiesGround.load(options, builder: builder, in: context)
    let provenance = try await provenance(ground, in: context)
    if let done = try await context.done(provenance) { return report(done, wasDone: true) }
    let known = try await known(in: context)
    let missing = max(0, options.count - known.inForce)
    if let leaks = ground.leaks, missing > 0 {
      try await context.logComparisons(with: leaks.gallery) {
        $0 * missing * options.proposalsPerIdentity
      }
    }
    let outcome = try pack(missing, skipping: known.numbers, digital, ground, context)
    let summary = summary(outcome, before: known.inForce, ground)
    if !options.isDryRun {
      let step = provenance.step(summary: summary)
      try await commit(outcome.placed, known, digital.space, step, context)
    }
    return report(summary, wasDone: false)
  }

  /// What the set has of sampled identities.
  private struct Known {
    var inForce = 0
    /// All there ever were, those put aside among them.
    var all = 0
    /// Proposal numbers of this spread and seed that were taken.
    var numbers = Set<Int>()
  }

  private func known(in context: StepContext) async throws -> Known {
    guard let source = try await context.sampledSource() else { return Known() }
    let images = try await context.catalog.images(
      ImageFilter(
        populations: [source.population], source: source.id, includesQuarantined: true))
    let prefix = prefix(seed: context.seed)
    return Known(
      inForce: images.count { !$0.isQuarantined }, all: images.count,
      numbers: Set(
        images.compactMap { image in
          image.path.hasPrefix(prefix) ? Int(image.path.dropFirst(prefix.count)) : nil
        }))
  }

  /// A sampled vector's own id: how it was drawn.
  private func prefix(seed: UInt64) -> String { "\(options.spread.rawValue)-\(seed)-" }

  private func pack(
    _ missing: Int, skipping taken: Set<Int>, _ digital: EmbeddedImages,
    _ ground: NewIdentitiesGround, _ context: StepContext
  ) throws -> SpherePacking.Outcome {
    guard missing > 0 else { return SpherePacking.Outcome() }
    let model: DirectionModel =
      switch options.spread {
      case .sphere: .sphere(width: digital.space.width)
      case .faces:
        try .likeness(
          of: Prototypes.byIdentity(
            digital.unit, labels: digital.identities.map { $0.map(Int.init) }
          ).directions)
      }
    var request = SpherePacking.Request(
      count: missing,
      mostProposals: (taken.max() ?? -1) + 1 + missing * options.proposalsPerIdentity,
      seed: Seed.derived(from: "new identities \(options.spread.rawValue)", parent: context.seed),
      threads: context.threads)
    request.skipped = taken
    context.progress.begin("sampling identities", total: nil, unit: "proposals")
    var looked = 0
    let outcome = try SpherePacking(below: packing(ground)).pack(
      around: ground.prototypes, from: model, request
    ) { rows in
      looked += rows.count
      context.progress.advance(to: looked)
      guard !Interrupts.requested else {
        throw CurationError(
          .interrupted, "sampling stopped on request; nothing was added",
          hint: "run the same command again")
      }
      return try ground.reasons(against: rows)
    }
    context.progress.end(nil)
    return outcome
  }

  /// The stricter of the collision cosine and the angle asked for.
  private func packing(_ ground: NewIdentitiesGround) -> CosineSimilarity {
    let point = ground.prototypePoint.similarity
    guard let degrees = options.degrees else { return point }
    return min(point, CosineSimilarity(Float(cos(degrees * Double.pi / 180))))
  }

  private func provenance(
    _ ground: NewIdentitiesGround, in context: StepContext
  ) async throws -> Provenance {
    let digital = try await context.embeddingDigest(
      Space.identity, [.digital], includesQuarantined: false)
    let gallery = try await context.embeddingDigest(
      Space.identity, [.reference], includesQuarantined: true)
    let sampled = try await context.sampledImages()
    let withdrawn = try await context.catalog.quarantined().map(\.decision.image)
      .filter(sampled.contains).sorted().map { "\($0)" }
    return Provenance(
      Self.name, in: context,
      parameters: [
        "count": .int(options.count), "spread": .string(options.spread.rawValue),
        "degrees": JSONValue(options.degrees) { .double($0) },
        "proposalsPerIdentity": .int(options.proposalsPerIdentity),
        "collision": ground.points.document,
        "leak": JSONValue(ground.leaks) { $0.samples.decide.document },
        "seed": .string("\(context.seed)"),
      ], inputs: [digital, gallery, withdrawn.joined(separator: " ")])
  }
}

extension NewIdentitiesStep {
  /// Vectors first, then one change: the identities, their vectors' places and the step.
  private func commit(
    _ placed: [SpherePacking.Placed], _ known: Known, _ space: Space, _ step: NewStep,
    _ context: StepContext
  ) async throws {
    guard !placed.isEmpty else {
      try await context.catalog.record(step)
      return
    }
    let vectors = Vectors(width: space.width, rows: placed.map(\.vector))
    let shard = try context.vectors.publish(vectors, space: space)
    let source = try await context.catalog.source(
      population: .generated, root: context.sampledRoot, layout: SampledIdentities.layout)
    var batch = IndexBatch(source: source.id)
    batch.items = placed.enumerated().map { index, direction in
      IndexedImage(
        path: prefix(seed: context.seed) + "\(direction.number)",
        identity: .named(name(known.all + index + 1)), facts: ImageFacts(digest: nil))
    }
    batch.shards = [
      IndexShard(
        space: space, file: shard.file, rowCount: shard.rowCount,
        digest: Hex.string(shard.digest), rows: placed.indices.map { .init(item: $0, row: $0) })
    ]
    try await context.catalog.commit(batch, of: step)
  }

  private func name(_ number: Int) -> String {
    let text = "\(number)"
    return "new-" + String(repeating: "0", count: max(0, 5 - text.count)) + text
  }

  private func summary(
    _ outcome: SpherePacking.Outcome, before: Int, _ ground: NewIdentitiesGround
  ) -> JSONValue {
    let cosine = Double(packing(ground).value)
    return [
      "wanted": .int(options.count), "had": .int(before), "admitted": .int(outcome.placed.count),
      "shortfall": .int(max(0, options.count - before - outcome.placed.count)),
      "proposals": .int(outcome.proposals),
      "refusedByReason": .object(outcome.refused.mapValues { .int($0) }),
      "spread": .string(options.spread.rawValue), "similarityBelow": .double(cosine),
      "degreesAtLeast": .double(acos(min(1, max(-1, cosine))) * 180 / Double.pi),
      "identities": .int(ground.collisions.prototypes.count),
      "prototypePoint": ground.prototypePoint.document,
      "points": .array(texts(ground).map { .string($0) }),
      "leakChecked": .bool(ground.leaks != nil),
    ]
  }

  private func texts(_ ground: NewIdentitiesGround) -> [String] {
    var lines = [
      "collision: prototypes from \(ground.prototypePoint.text)",
      "collision: with an image from \(ground.points.images.text)",
    ]
    if let leaks = ground.leaks {
      lines.append("leak: gallery image from \(leaks.samples.decide.text)")
      lines.append(
        leaks.prototypePoints.map { "leak: gallery prototype from \($0.decide.text)" }
          ?? "leak: the gallery has too few people to measure a threshold for prototypes")
    } else {
      lines.append("there is no reference gallery: leaks were not checked")
    }
    return lines
  }

  private func report(_ summary: JSONValue, wasDone: Bool) -> StepReport {
    func count(_ key: String) -> String { HumanNumbers.count(summary[key]?.intValue ?? 0) }
    let reasons = (summary["refusedByReason"]?.objectValue ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key) \(HumanNumbers.count($0.value.intValue ?? 0))" }.joined(separator: ", ")
    let degrees = HumanNumbers.decimal(summary["degreesAtLeast"]?.doubleValue ?? 0, 1)
    let verb = options.isDryRun ? "would be admitted" : "admitted"
    return StepReport(
      Self.name, wasDone: wasDone,
      lines: [
        """
        \(count("wanted")) sampled identities wanted, \(count("had")) there, \(count("admitted")) \
        \(verb), \(count("shortfall")) missing
        """,
        """
        \(count("proposals")) proposals, at least \(degrees) degrees from \(count("identities")) \
        identities\(reasons.isEmpty ? "" : "; refused: \(reasons)")
        """,
      ] + (summary["points"]?.arrayValue ?? []).compactMap(\.stringValue), document: summary,
      hasFindings: (summary["shortfall"]?.intValue ?? 0) > 0)
  }
}
