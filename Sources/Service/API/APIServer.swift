internal import Cryptography
internal import Diagnostics
internal import Execution
internal import HTTPServer
internal import Synchronization

/// Brings requests to their routes and answers back: the gate before, the log after.
final class APIServer: Sendable {
  /// Most bytes of a JSON body.
  static let jsonLimit = 1 << 20

  private let router: Router
  private let gate: Gate
  private let log: ServiceLog
  private let metrics: Metrics
  private let isSecure: Bool
  /// Replaced in messages: where the workspace lies is nobody's business.
  private let hidden: String
  private let count = Atomic<Int>(0)
  private let run = Hex.string(RandomBytes.next(4))

  /// - Parameter hidden: the workspace's absolute path.
  init(
    routes: [Route], gate: Gate, log: ServiceLog, metrics: Metrics, isSecure: Bool, hidden: String
  ) {
    router = Router(routes: routes)
    self.gate = gate
    self.log = log
    self.metrics = metrics
    self.isSecure = isSecure
    self.hidden = hidden
  }

  var handlers: HTTPServer.Handlers {
    HTTPServer.Handlers(
      head: { self.look(at: $0) }, request: { await self.answer($0) },
      log: { self.log.note(.warning, "http", ["message": .string($0)]) })
  }

  /// A request that may go on to its route.
  private struct Admitted {
    var route: Route
    var parameters: [String: String]
    var query: [(name: String, value: String)]
    var caller: Caller
  }

  private func admit(_ head: RequestHead, counts: Bool) throws(Problem) -> Admitted {
    guard let target = RequestTarget(head.target) else {
      throw Problem(400, "badPath", "the address cannot be read in one way only")
    }
    try gate.checkOrigin(head)
    let (route, parameters) = try router.find(head.method, target.path)
    let caller = try gate.admit(head, to: route.role, counts: counts)
    return Admitted(route: route, parameters: parameters, query: target.query, caller: caller)
  }

  // MARK: before the body

  private func look(at head: RequestHead) -> HeadAnswer {
    do throws(Problem) {
      let admitted = try admit(head, counts: true)
      return .accept(bodyLimit: try bodyLimit(of: head, for: admitted.route))
    } catch {
      let id = nextID()
      note(head, id, route: "", error.status, 0, caller: nil)
      return .refuse(finished(error.response(requestID: id), head, id))
    }
  }

  private func bodyLimit(of head: RequestHead, for route: Route) throws(Problem) -> Int {
    let (limit, types): (Int, [String]) =
      switch route.body {
      case .none: (0, [])
      case .json: (Self.jsonLimit, ["application/json"])
      case .picture(let limit): (limit, ["image/png", "image/jpeg", "image/webp"])
      }
    let lengths = head.headers.filter { $0.name == "content-length" }
    let isChunked = head.headers.contains { $0.name == "transfer-encoding" }
    let length = lengths.first.map { Int($0.value) ?? .max } ?? 0
    guard lengths.count < 2, !(isChunked && !lengths.isEmpty) else {
      throw Problem(400, "badLength", "the request names its length in two ways")
    }
    guard length <= limit else {
      throw Problem(
        413, "bodyTooLarge",
        limit == 0 ? "this request takes no body" : "the body may have \(limit) bytes")
    }
    if length > 0 || isChunked {
      let given = head.header("content-type")?.split(separator: ";").first ?? ""
      let type = given.lowercased().trimmed
      guard types.contains(type) else {
        throw Problem(
          415, "badType", "the body must be \(types.joined(separator: ", "))")
      }
    }
    return limit
  }

  // MARK: with the body

  private func answer(_ request: ServerRequest) async -> ServerResponse {
    let watch = Stopwatch()
    let id = nextID()
    var route = ""
    var caller: Caller?
    var response: ServerResponse
    do {
      let admitted = try admit(request.head, counts: false)
      route = admitted.route.pattern
      caller = admitted.caller
      let call = RouteCall(
        request: request, parameters: admitted.parameters, query: admitted.query,
        caller: admitted.caller)
      response = try await admitted.route.handle(call).response()
    } catch {
      var problem = Problem(error)
      if problem.status >= 500 {
        log.note(
          .error, "failed",
          ["requestId": .string(id), "route": .string(route), "message": .string("\(error)")])
      }
      problem.message = withoutPaths(problem.message)
      problem.hint = problem.hint.map(withoutPaths)
      response = problem.response(requestID: id)
    }
    let seconds = watch.seconds
    metrics.note(route: route, status: response.status, seconds: seconds)
    note(request.head, id, route: route, response.status, seconds, caller: caller)
    return finished(response, request.head, id)
  }

  private func withoutPaths(_ text: String) -> String {
    hidden.isEmpty ? text : text.replacing(hidden, with: "WORKSPACE")
  }

  private func nextID() -> String {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    return "\(run)-\(number)"
  }

  private func note(
    _ head: RequestHead, _ id: String, route: String, _ status: Int, _ seconds: Double,
    caller: Caller?
  ) {
    log.note(
      status >= 500 ? .error : .info, "request",
      [
        "requestId": .string(id), "method": .string(head.method), "route": .string(route),
        "status": .int(status), "ms": .double((seconds * 1e5).rounded() / 100),
        "caller": JSONValue(caller?.name) { .string($0) }, "peer": .string(head.peer),
      ])
  }

  // MARK: after the route

  private func finished(
    _ response: ServerResponse, _ head: RequestHead, _ id: String
  ) -> ServerResponse {
    var response = response
    if case .bytes(let bytes) = response.body, response.status == 200,
      head.method == "GET" || head.method == "HEAD"
    {
      mark(&response, bytes, head)
    }
    if case .bytes(let bytes) = response.body { pack(&response, bytes, head) }
    response.headers.append(("X-Request-Id", id))
    let given = Set(response.headers.map { $0.name.lowercased() })
    for (name, value) in Self.standardHeaders where !given.contains(name.lowercased()) {
      response.headers.append((name, value))
    }
    if isSecure { response.headers.append(("Strict-Transport-Security", "max-age=31536000")) }
    return response
  }

  /// Marks the content, and leaves it out where the client has it already.
  private func mark(_ response: inout ServerResponse, _ bytes: [UInt8], _ head: RequestHead) {
    let tag = "W/\"\(Hex.string(Array(SHA256.digest(of: bytes).prefix(12))))\""
    response.headers.append(("ETag", tag))
    let known = (head.header("if-none-match") ?? "").split(separator: ",").map { "\($0)".trimmed }
    guard known.contains(tag) || known.contains("*") else { return }
    response.status = 304
    response.body = .bytes([])
  }

  private func pack(_ response: inout ServerResponse, _ bytes: [UInt8], _ head: RequestHead) {
    let type = response.headers.first { $0.name == "Content-Type" }?.value ?? ""
    // Pictures are packed already, and columns of coordinates take longer to pack than to send.
    guard bytes.count >= 1024, type != "application/octet-stream",
      !type.hasPrefix("image/") || type == "image/svg+xml"
    else { return }
    response.headers.append(("Vary", "Accept-Encoding"))
    let wishes = (head.header("accept-encoding") ?? "").split(separator: ",").map {
      "\($0)".trimmed.lowercased()
    }
    guard wishes.contains(where: { $0 == "gzip" || $0.hasPrefix("gzip;q=1") }),
      let packed = Gzip.compressed(bytes)
    else { return }
    response.body = .bytes(packed)
    response.headers.append(("Content-Encoding", "gzip"))
  }

  private static let standardHeaders = [
    ("Cache-Control", "no-cache, private"), ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
  ]
}

extension String {
  /// Without spaces and tabs at its ends.
  var trimmed: String {
    var text = self[...]
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text.drop { $0 == " " || $0 == "\t" })
  }
}
