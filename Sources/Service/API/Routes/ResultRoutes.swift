internal import Cataloging
internal import Curation
internal import Diagnostics
internal import Domain
internal import Files

/// What the steps found: Δ, maps, quotas and audits.
struct ResultRoutes: Sendable {
  let desk: Desk
  private let shelf: MapShelf
  /// By the state of the maps' files.
  private let columns = Remembered<MapColumns>()

  init(desk: Desk) {
    self.desk = desk
    shelf = MapShelf(reports: desk.context.workspace.reportsFolder)
  }

  var routes: [Route] {
    [
      Route(.get, "/api/v1/deltas", role: .reader, handle: deltas),
      Route(.get, "/api/v1/deltas/drift", role: .reader, handle: drift),
      Route(.get, "/api/v1/maps", role: .reader, handle: listMaps),
      Route(.get, "/api/v1/maps/{name}", role: .reader, handle: map),
      Route(.get, "/api/v1/maps/{name}/columns", role: .reader, handle: sendColumns),
      Route(.get, "/api/v1/quota", role: .reader, handle: quota),
      Route(.get, "/api/v1/audits", role: .reader, handle: audits),
      Route(.get, "/api/v1/audits/{key}", role: .reader, handle: audit),
    ]
  }

  // MARK: Δ

  private func offsets() async throws -> [(step: StepRecord, offset: OffsetRecord)] {
    var found: [(step: StepRecord, offset: OffsetRecord)] = []
    for step in try await desk.catalog.steps() where step.name == DeltaStep.name {
      if let offset = try await desk.catalog.offset(step: step.key) { found.append((step, offset)) }
    }
    return found.sorted { $0.step.ordinal < $1.step.ordinal }
  }

  private func deltas(_ call: RouteCall) async throws -> Reply {
    let items = try await offsets().reversed().map { step, offset -> JSONValue in
      var document = try JSONValue(parsing: offset.statistics)
      document["space"] = .string(offset.space.name)
      document["from"] = .string(offset.from.rawValue)
      document["to"] = .string(offset.to.rawValue)
      document["norm"] = .double(Self.norm(offset.vector))
      document["finishedAt"] = .string(step.finishedAt)
      return document
    }
    return .list(Array(items), next: nil)
  }

  /// Every Δ of a space against the first one there.
  private func drift(_ call: RouteCall) async throws -> Reply {
    var first: [Space: OffsetRecord] = [:]
    let items = try await offsets().map { step, offset -> JSONValue in
      let reference = first[offset.space] ?? offset
      first[offset.space] = reference
      let norms = (Self.norm(reference.vector), Self.norm(offset.vector))
      let product = zip(reference.vector, offset.vector).reduce(0) {
        $0 + Double($1.0) * Double($1.1)
      }
      let isDefined = norms.0 > 0 && norms.1 > 0
      return [
        "at": .string(step.finishedAt), "space": .string(offset.space.name),
        "cosineToFirst": isDefined ? .double(product / (norms.0 * norms.1)) : .null,
        "normRatio": isDefined ? .double(norms.1 / norms.0) : .null,
      ]
    }
    return .list(items, next: nil)
  }

  private static func norm(_ vector: [Float]) -> Double {
    vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  // MARK: maps

  private static func document(_ map: SavedMap) -> JSONValue {
    [
      "name": .string(map.name), "space": .string(map.space), "images": .int(map.points.count),
      "sampledFrom": .int(map.facts.sampledFrom), "perplexity": .double(map.facts.perplexity),
      "iterations": .int(map.facts.iterations), "klDivergence": .double(map.facts.klDivergence),
      "seed": .string("\(map.facts.seed)"),
    ]
  }

  private func listMaps(_ call: RouteCall) async throws -> Reply {
    let names = (try? FileSystem.names(in: desk.context.workspace.reportsFolder)) ?? []
    return .list(
      names.compactMap { (try? shelf.map(named: $0)).map { Self.document($0.map) } }, next: nil)
  }

  private func map(_ call: RouteCall) async throws -> Reply {
    let entry = try shelf.map(named: call.parameter("name"))
    let names = try await columns(of: entry).names
    var document = Self.document(entry.map)
    document["populations"] = .array(MapColumns.populations.map { .string($0.rawValue) })
    document["identityNames"] = .object(
      Dictionary(uniqueKeysWithValues: names.map { ("\($0.key)", .string($0.value)) }))
    return .json(document)
  }

  private func sendColumns(_ call: RouteCall) async throws -> Reply {
    .bytes(
      try await columns(of: try shelf.map(named: call.parameter("name"))).bytes,
      type: "application/octet-stream")
  }

  private func columns(of entry: MapShelf.Entry) async throws -> MapColumns {
    let version = try await desk.catalog.version()
    return try await columns.value(at: "\(version) \(entry.state)") {
      let names = try await desk.catalog.identities().map { ($0.id, $0.name) }
      let waiting = try await desk.reviewQueue().items.flatMap { [$0.kept.id, $0.removed.id] }
      return MapColumns(
        entry.map, marks: try await desk.catalog.marks(),
        names: Dictionary(uniqueKeysWithValues: names), waiting: Set(waiting),
        faces: try await desk.realFaces())
    }
  }

  // MARK: quotas

  private func quota(_ call: RouteCall) async throws -> Reply {
    guard let step = try await desk.catalog.latestStep(named: FillStep.name) else {
      return .json(["items": [], "wanted": 0, "accepted": 0, "shortfall": 0, "funnel": []])
    }
    let records = try await desk.catalog.quotas(step: step.key)
    let names = Dictionary(
      try await desk.catalog.identities().map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    let stopped = try await desk.catalog.rejections(request: step.key)
    let items = records.map { record -> JSONValue in
      var document = record.document
      document["identity"] = [
        "id": .int(Int(record.identity)), "name": .string(names[record.identity] ?? ""),
      ]
      return document
    }
    return .json([
      "items": .array(items), "wanted": .int(records.reduce(0) { $0 + $1.wanted }),
      "accepted": .int(records.reduce(0) { $0 + $1.accepted }),
      "shortfall": .int(records.reduce(0) { $0 + $1.shortfall }),
      "funnel": .array(stopped.map { ["gate": .string($0.reason), "count": .int($0.count)] }),
      "finishedAt": .string(step.finishedAt),
    ])
  }

  // MARK: audits

  private func audits(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    var audits = Array(try await desk.audits().reversed())
    if let cursor = page.cursor {
      guard let place = audits.firstIndex(where: { $0.key == cursor }) else {
        throw RouteCall.Page.strangeCursor
      }
      audits.removeFirst(place + 1)
    }
    let shown = audits.prefix(page.limit)
    return .list(
      shown.map(\.document), next: audits.count > shown.count ? shown.last?.key : nil)
  }

  private func audit(_ call: RouteCall) async throws -> Reply {
    let key = call.parameter("key")
    guard let audit = try await desk.audits().first(where: { $0.key == key }) else {
      throw Problem.notFound("audit '\(key)'")
    }
    var document = audit.document
    document["findings"] = .array(
      try await desk.catalog.findings(step: key).map { finding in
        [
          "rule": .string(finding.rule), "severity": .string(finding.severity.rawValue),
          "subject": .string(finding.subject), "message": .string(finding.message),
        ]
      })
    return .json(document)
  }
}
