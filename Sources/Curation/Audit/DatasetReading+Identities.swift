import Analysis
import Cataloging
import Domain

extension DatasetReading {
  /// Counts, prototypes and neighbours of the set's own identities, and the limits they are held to.
  func measureIdentities(
    into summary: inout DatasetSummary, _ images: [ImageRecord]
  ) async throws {
    let own = images.filter { $0.population == .digital || $0.population == .generated }
    let counts = Dictionary(grouping: own.compactMap(\.identity), by: { $0 }).mapValues(\.count)
    let identities = try await context.identitiesToFill()
    let wanted = try await wantedImages()
    summary.identities = identities.map { identity in
      IdentitySummary(
        name: identity.name, images: counts[identity.id] ?? 0, wanted: wanted[identity.id])
    }
    guard
      let embedded = try await context.embedded(
        Space.identity, [.digital, .generated], includesQuarantined: false)
    else { return }
    let points = try await AuditPoints.load(options, in: context)
    summary.limits.collisionSimilarity = points.collision?.similarity.value
    summary.limits.leakSimilarity = points.leak?.similarity.value
    let places = Dictionary(uniqueKeysWithValues: identities.enumerated().map { ($1.id, $0) })
    try describe(embedded, ownFloor: points.own?.similarity.value, places: places, into: &summary)
  }

  private func wantedImages() async throws -> [Int64: Int] {
    guard let step = try await context.catalog.latestStep(named: FillStep.name) else { return [:] }
    let quotas = try await context.catalog.quotas(step: step.key)
    return Dictionary(uniqueKeysWithValues: quotas.map { ($0.identity, $0.wanted) })
  }

  private func describe(
    _ embedded: EmbeddedImages, ownFloor: Float?, places: [Int64: Int],
    into summary: inout DatasetSummary
  ) throws {
    let prototypes = try Prototypes.byIdentity(
      embedded.unit, labels: embedded.identities.map { $0.map(Int.init) })
    let rows = Dictionary(
      uniqueKeysWithValues: prototypes.identities.enumerated().map { ($1, $0) })
    if let ownFloor {
      for (row, identity) in embedded.identities.enumerated() {
        guard let identity, let place = places[identity], let prototype = rows[Int(identity)]
        else { continue }
        let cosine = zip(embedded.unit[row: row], prototypes.directions[row: prototype])
          .reduce(Float(0)) { $0 + $1.0 * $1.1 }
        if cosine < ownFloor { summary.identities[place].farImages += 1 }
      }
    }
    let neighbours = try builder.index(prototypes.directions).nearest(2, to: prototypes.directions)
    for pair in neighbours where pair.query != pair.target {
      guard let place = places[Int64(prototypes.identities[pair.query])],
        let other = places[Int64(prototypes.identities[pair.target])]
      else { continue }
      summary.identities[place].concentration = prototypes.concentrations[pair.query]
      summary.identities[place].nearestOther =
        summary.identities[place].nearestOther
        ?? .init(
          name: summary.identities[other].name, similarity: pair.similarity.value)
    }
  }
}
