internal import Cataloging
internal import Curation
internal import Diagnostics
internal import Domain

/// Images, identities and their pictures.
struct CatalogRoutes: Sendable {
  /// Images of an identity's page.
  private static let shownImages = 200

  let desk: Desk
  let pictures: PictureDesk

  var routes: [Route] {
    [
      Route(.get, "/api/v1/images", role: .reader, handle: images),
      Route(.get, "/api/v1/images/{id}", role: .reader, handle: image),
      Route(.get, "/api/v1/images/{id}/picture", role: .reader, handle: picture),
      Route(.get, "/api/v1/identities", role: .reader, handle: identities),
      Route(.get, "/api/v1/identities/{id}", role: .reader, handle: identity),
    ]
  }

  private func images(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    var wanted = ImagePage(limit: page.limit)
    wanted.after = try page.number ?? 0
    wanted.population = try call.query("population", Population.self)
    wanted.identity = try call.query("identity", in: 1...Int.max).map(Int64.init)
    wanted.isQuarantined = try call.queryFlag("quarantined")
    let found = try await desk.catalog.images(wanted)
    let faces = try await desk.realFaces()
    return .list(
      found.map { $0.document(faces) },
      next: found.count == page.limit ? found.last.map { "\($0.id)" } : nil)
  }

  private func image(_ call: RouteCall) async throws -> Reply {
    let image = try await find(call)
    let lines = try await desk.catalog.decisions(image: image.id)
    let undone = try await desk.catalog.undone(among: lines.map(\.sequence))
    var document = image.document(try await desk.realFaces())
    document["digest"] = JSONValue(image.facts.digest) { .string($0) }
    document["format"] = JSONValue(image.facts.format) { .string($0) }
    document["crop"] = JSONValue(image.facts.crop) { .string($0.rawValue) }
    document["faceCount"] = JSONValue(image.facts.faceCount) { .int($0) }
    document["sharpness"] = JSONValue(image.facts.sharpness) { .double($0) }
    document["quality"] = JSONValue(image.facts.quality) { .double($0) }
    document["indexedAt"] = JSONValue(try await desk.catalog.indexedAt(image: image.id)) {
      .string($0)
    }
    document["spaces"] = .array(
      try await desk.catalog.places(of: image.id).map { .string($0.space.name) })
    document["decisions"] = .array(
      lines.map { $0.document(isUndone: undone.contains($0.sequence)) })
    return .json(document)
  }

  private func picture(_ call: RouteCall) async throws -> Reply {
    let edge = try call.query("edge", in: 32...1024) ?? 160
    let reveals = try call.queryFlag("reveal") ?? false
    let image = try await find(call)
    return try await pictures.reply(
      to: image, edge: edge, reveals: reveals, caller: call.caller)
  }

  private func find(_ call: RouteCall) async throws -> ImageRecord {
    let id = try call.id()
    do { return try await desk.catalog.image(id) } catch let error as CatalogError
      where error.code == .unknownRecord
    { throw Problem.notFound("image \(id)") }
  }

  private func identities(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    let found = try await desk.catalog.identities(
      after: try page.number ?? 0, limit: page.limit,
      population: try call.query("population", Population.self), name: try call.query("name"))
    let quotas = try await desk.quotas()
    return .list(
      found.map { $0.document(quota: quotas[$0.id]) },
      next: found.count == page.limit ? found.last.map { "\($0.id)" } : nil)
  }

  private func identity(_ call: RouteCall) async throws -> Reply {
    let id = try call.id()
    let summary: IdentitySummary
    do { summary = try await desk.catalog.identitySummary(id) } catch let error as CatalogError
      where error.code == .unknownRecord
    { throw Problem.notFound("identity \(id)") }
    var page = ImagePage(limit: Self.shownImages)
    page.identity = id
    let quota = try await desk.quotas()[id]
    var document = summary.document(quota: quota)
    let faces = try await desk.realFaces()
    document["images"] = .array(try await desk.catalog.images(page).map { $0.document(faces) })
    document["imageCount"] = .int(summary.images)
    document["quota"] = JSONValue(quota) { $0.document }
    document["attempts"] = try await attempts(of: id, quota)
    document["prototype"] = JSONValue(
      try await desk.context.prototypeSpread(of: id, in: Space.identity)
    ) { spread in
      [
        "space": .string(Space.identity), "members": .int(spread.members),
        "meanSimilarity": JSONValue(spread.mean), "minSimilarity": JSONValue(spread.least),
      ]
    }
    document["collisions"] = try await collisions(of: id)
    return .json(document)
  }

  private func attempts(of id: Int64, _ quota: QuotaRecord?) async throws -> JSONValue {
    guard let step = try await desk.catalog.latestStep(named: FillStep.name) else {
      return ["accepted": 0, "rejected": 0, "reasons": []]
    }
    let reasons = try await desk.catalog.rejections(request: step.key, identity: id)
    return [
      "accepted": .int(quota?.accepted ?? 0),
      "rejected": .int(reasons.reduce(0) { $0 + $1.count }),
      "reasons": .array(
        reasons.map { ["reason": .string($0.reason), "count": .int($0.count)] }),
    ]
  }

  private func collisions(of id: Int64) async throws -> JSONValue {
    guard let step = try await desk.catalog.latestStep(named: CollisionsStep.name) else {
      return []
    }
    var found: [JSONValue] = []
    for collision in try await desk.catalog.collisions(step: step.key)
    where collision.a == id || collision.b == id {
      let other = try await desk.catalog.identitySummary(
        collision.a == id ? collision.b : collision.a)
      let similarity = collision.nearest?.similarity ?? collision.prototypeSimilarity
      found.append([
        "identity": ["id": .int(Int(other.id)), "name": .string(other.name)],
        "similarity": JSONValue(similarity) { JSONValue($0.value) },
      ])
    }
    return .array(found)
  }
}
