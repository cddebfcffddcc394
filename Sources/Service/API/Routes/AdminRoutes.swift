public import Diagnostics

/// Tokens, who saw which real face, and how the daemon was started.
struct AdminRoutes: Sendable {
  let store: ServiceStore
  let settings: JSONValue
  /// Makes a change of the tokens count at once.
  let tokensChanged: @Sendable () async -> Void

  var routes: [Route] {
    [
      Route(.get, "/api/v1/tokens", role: .admin, handle: tokens),
      Route(.post, "/api/v1/tokens", role: .admin, handle: add),
      Route(.delete, "/api/v1/tokens/{id}", role: .admin, handle: revoke),
      Route(.get, "/api/v1/access-log", role: .admin, handle: accesses),
      Route(.get, "/api/v1/settings", role: .reader) { _ in .json(settings) },
    ]
  }

  private func tokens(_ call: RouteCall) async throws -> Reply {
    .list(try await store.tokens().map(\.document), next: nil)
  }

  private func add(_ call: RouteCall) async throws -> Reply {
    let fields = try call.json(members: ["name", "role"])
    guard let role = try fields.choice("role", Role.self) else {
      throw Problem.badField("role", "is missing")
    }
    let token = Token()
    let record = try await store.add(
      token, name: try fields.required("name", limit: 100), role: role)
    await tokensChanged()
    var document = record.document
    document["token"] = .string(token.text)
    return .json(document, status: 201)
  }

  private func revoke(_ call: RouteCall) async throws -> Reply {
    let record = try await store.revoke(token: try call.id())
    await tokensChanged()
    return .json(record.document)
  }

  private func accesses(_ call: RouteCall) async throws -> Reply {
    let page = try call.page()
    let lines = try await store.pictureAccesses(
      before: try page.number, limit: page.limit,
      image: try call.query("image", in: 1...Int.max).map(Int64.init), who: try call.query("who"))
    let items = lines.map { line -> JSONValue in
      [
        "sequence": .int(Int(line.sequence)), "at": .string(line.at), "who": .string(line.who),
        "image": .int(Int(line.image)), "path": .string(line.path),
        "action": .string(line.action),
      ]
    }
    return .list(
      items, next: lines.count == page.limit ? lines.last.map { "\($0.sequence)" } : nil)
  }
}

extension TokenRecord {
  public var document: JSONValue {
    [
      "id": .int(Int(id)), "name": .string(name), "role": .string(role.rawValue),
      "createdAt": .string(createdAt), "lastUsedAt": JSONValue(lastUsedAt) { .string($0) },
      "revokedAt": JSONValue(revokedAt) { .string($0) },
    ]
  }
}
