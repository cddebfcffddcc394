import Analysis
import Cataloging
import Diagnostics
public import Domain

/// Finds identities of the set that look like the same person, holds their number against chance, and
/// proposes which identities to put aside.
public struct CollisionsStep: Sendable {
  public static let name = "collisions"
  /// The rule its decisions carry in the ledger.
  public static let rule = "collision"

  /// What two identities are compared by.
  public enum Basis: String, CaseIterable, Sendable {
    /// Their most similar images.
    case images
    /// Their mean directions.
    case prototypes
    /// Either: each collision says which decided.
    case either
  }

  /// Which identities are compared, and what happens to those that collide.
  public struct Options: Equatable, Sendable {
    public var populations: Set<Population>
    public var space: String
    public var threshold: ThresholdChoice
    public var basis = Basis.either
    /// Puts no more aside than brings the number of collisions down to what chance usually gives.
    public var staysWithinChance = false
    /// Writes the proposals into the ledger.
    public var applies = false
    /// The identity encoder's own table.
    public var documented: [DocumentedThreshold] = []
    /// How the builder searches: an engine that is not exact may answer otherwise.
    public var engine = "exact"

    public init(
      populations: Set<Population> = [.digital, .generated], rates: CurationRates = .standard
    ) {
      self.populations = populations
      space = Space.identity
      threshold = .falseMatchRate(rates.leakReview)
    }
  }

  let options: Options
  let builder: any VectorIndexBuilder

  public init(_ options: Options, builder: any VectorIndexBuilder) {
    self.options = options
    self.builder = builder
  }

  public func run(in context: StepContext) async throws -> StepReport {
    let points = try await CollisionPoints.find(options, in: context)
    let ground = try await CollisionGround.load(options, in: context)
    let provenance = try await provenance(points, ground, in: context)
    let done = try await context.done(provenance)
    let summary: JSONValue
    if let done {
      summary = done
    } else {
      summary = try await search(points, ground, provenance, context)
    }
    var lines = CollisionLines(summary: summary).all
    if let share = summary["recall"]?["share"]?.doubleValue {
      lines.append("\(options.engine): measured recall \(HumanNumbers.decimal(share, 4))")
    }
    if let line = ground.images.leftOutLine { lines.append(line) }
    let report = StepReport(
      Self.name, wasDone: done != nil, lines: lines, document: summary,
      hasFindings: !options.applies && summary["removals"]?.intValue ?? 0 > 0)
    guard options.applies else { return report }
    return try await context.applying(report, decisions(ground, provenance.key, in: context))
  }

  func provenance(in context: StepContext) async throws -> Provenance {
    try await provenance(
      CollisionPoints.find(options, in: context), CollisionGround.load(options, in: context),
      in: context)
  }

  private func provenance(
    _ points: CollisionPoints, _ ground: CollisionGround, in context: StepContext
  ) async throws -> Provenance {
    Provenance(
      Self.name, in: context,
      parameters: [
        "populations": .array(options.populations.sorted().map { .string($0.rawValue) }),
        "space": .string(options.space), "threshold": points.document,
        "basis": .string(options.basis.rawValue),
        "staysWithinChance": .bool(options.staysWithinChance), "engine": .string(options.engine),
      ], inputs: [ground.digest])
  }

  private func search(
    _ points: CollisionPoints, _ ground: CollisionGround, _ provenance: Provenance,
    _ context: StepContext
  ) async throws -> JSONValue {
    context.progress.begin("comparing identities", total: nil, unit: "collisions")
    let found = try CollisionSearch(ground: ground, points: points, basis: options.basis)
      .run(builder: builder)
    context.progress.advance(to: found.count)
    context.progress.end(nil)
    let graph = try await graph(found, ground, in: context)
    let budget = CollisionBudget(points: points, basis: options.basis)
    let removals = graph.pruned { options.staysWithinChance && budget.isWithinChance($0) }
    var summary = summary(found, graph, removals, budget, ground)
    let recall = try builder.index(ground.images.unit).measuredRecall(
      of: ground.images.unit, atLeast: points.images.similarity)
    if let recall { summary["recall"] = recall.document }
    try await context.catalog.commit(
      found,
      removals: removals.map { removal in
        CollisionRemoval(
          identity: Int64(ground.prototypes.identities[removal.node]), degree: removal.degree,
          images: ground.sizes[removal.node])
      }, of: provenance.step(summary: summary))
    return summary
  }

  private func graph(
    _ found: [CollisionRecord], _ ground: CollisionGround, in context: StepContext
  ) async throws -> CollisionGraph {
    let names = Dictionary(
      uniqueKeysWithValues: try await context.catalog.identities().map { ($0.id, $0.name) })
    let identities = ground.prototypes.identities
    let places = Dictionary(uniqueKeysWithValues: identities.enumerated().map { ($1, $0) })
    return CollisionGraph(
      nodes: zip(identities, ground.sizes).map { identity, images in
        .init(name: names[Int64(identity)] ?? "\(identity)", images: images)
      },
      edges: found.compactMap { collision in
        guard let a = places[Int(collision.a)], let b = places[Int(collision.b)] else { return nil }
        return .init(
          a: a, b: b, imagePairs: collision.imagePairs,
          prototypes: collision.decidedBy != Basis.images.rawValue)
      })
  }

  private func summary(
    _ found: [CollisionRecord], _ graph: CollisionGraph, _ removals: [CollisionGraph.Removal],
    _ budget: CollisionBudget, _ ground: CollisionGround
  ) -> JSONValue {
    let involved = Set(found.flatMap { [$0.a, $0.b] })
    let byWord = Dictionary(grouping: found, by: \.decidedBy).mapValues { JSONValue.int($0.count) }
    return [
      "images": .int(ground.images.locations.count), "identities": .int(graph.nodes.count),
      "withoutIdentity": .int(ground.withoutIdentity), "collisions": .int(found.count),
      "identitiesInvolved": .int(involved.count), "decidedBy": .object(byWord),
      "budget": budget.document(graph.whole), "removals": .int(removals.count),
      "imagesRemoved": .int(removals.reduce(0) { $0 + ground.sizes[$1.node] }),
      "measuredOnItself": .bool(budget.points.isMeasuredOnItself),
      "staysWithinChance": .bool(options.staysWithinChance), "engine": .string(options.engine),
      "leftOut": .array(ground.images.leftOut.map { .int(Int($0)) }),
    ]
  }
}

extension CollisionsStep {
  /// All images of every identity to remove, with its degree and the identities it collides with.
  private func decisions(
    _ ground: CollisionGround, _ key: String, in context: StepContext
  ) async throws -> [NewDecision] {
    let names = Dictionary(
      uniqueKeysWithValues: try await context.catalog.identities().map { ($0.id, $0.name) })
    let collisions = try await context.catalog.collisions(step: key)
    let members = Dictionary(grouping: ground.images.locations) { $0.identity ?? 0 }
    return try await context.catalog.collisionRemovals(step: key).flatMap { removal in
      let own = collisions.filter { $0.a == removal.identity || $0.b == removal.identity }
      let evidence: JSONValue = [
        "identity": .string(names[removal.identity] ?? ""), "degree": .int(removal.degree),
        "pairs": .array(own.map { pair($0, of: removal.identity, names) }),
      ]
      let reason = """
        identity \(names[removal.identity] ?? "\(removal.identity)") collides with \
        \(removal.degree) others
        """
      return (members[removal.identity] ?? []).map { location in
        NewDecision(
          image: location.image, action: .quarantine, rule: Self.rule, reason: reason,
          evidence: evidence.compact, step: key)
      }
    }
  }

  private func pair(
    _ collision: CollisionRecord, of identity: Int64, _ names: [Int64: String]
  ) -> JSONValue {
    let other = collision.a == identity ? collision.b : collision.a
    return [
      "other": .string(names[other] ?? "\(other)"), "imagePairs": .int(collision.imagePairs),
      "similarity": JSONValue(collision.nearest) { JSONValue($0.similarity.value) },
      "prototypeSimilarity": JSONValue(collision.prototypeSimilarity) { JSONValue($0.value) },
      "decidedBy": .string(collision.decidedBy),
    ]
  }
}
