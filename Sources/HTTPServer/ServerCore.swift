import CMicroHTTPDShim
internal import Glibc
import Synchronization

/// The C server and what its callbacks need.
///
/// The unsafe parts: the C server holds an unretained pointer to this object, which outlives it
/// because `deinit` stops it; an exchange stays valid until it was answered.
@safe final class ServerCore: Sendable {
  @safe private struct State {
    nonisolated(unsafe) var server: OpaquePointer?
    var inFlight = 0
  }

  private let handlers: HTTPServer.Handlers
  private let state = Mutex(State())

  init(
    listening: Int32, certificate: HTTPServer.Certificate?, limits: ServerLimits,
    handlers: HTTPServer.Handlers
  ) throws(ServerError) {
    self.handlers = handlers
    if certificate != nil && d2r_server_has_tls() == 0 {
      throw ServerError(.certificate, "this libmicrohttpd was built without TLS")
    }
    Self.raiseDescriptorLimit(to: limits.connections + 512)
    var settings = unsafe d2r_server_settings()
    unsafe settings.listening = listening
    unsafe settings.threads = UInt32(limits.threads)
    unsafe settings.connections = UInt32(limits.connections)
    unsafe settings.idle_seconds = UInt32(limits.idleSeconds)
    unsafe settings.request_seconds = UInt32(limits.requestSeconds)
    unsafe settings.connection_memory = limits.connectionMemory
    let callbacks = unsafe d2r_server_callbacks(
      context: Unmanaged.passUnretained(self).toOpaque(),
      head: { unsafe ServerCore.from($0)?.take(head: $1) },
      request: { unsafe ServerCore.from($0)?.take(request: $1) },
      log: { context, line in
        guard let line = unsafe line else { return }
        unsafe ServerCore.from(context)?.handlers.log(String(cString: line))
      })
    let chain = unsafe certificate.map { unsafe strdup($0.chain) } ?? nil
    let key = unsafe certificate.map { unsafe strdup($0.key) } ?? nil
    defer {
      unsafe free(chain)
      unsafe free(key)
    }
    unsafe settings.certificate = UnsafePointer(chain)
    unsafe settings.key = UnsafePointer(key)
    guard let server = unsafe d2r_server_start(&settings, callbacks) else {
      if certificate != nil {
        throw ServerError(
          .certificate, "the server cannot use the certificate or its key",
          hint: "both are PEM files, the certificate first and its issuers after it")
      }
      throw ServerError(.notStarted, "the HTTP server could not be started")
    }
    state.withLock { unsafe $0.server = server }
  }

  deinit { stop(within: 10) }

  private static func from(_ context: UnsafeMutableRawPointer?) -> ServerCore? {
    unsafe context.map { unsafe Unmanaged<ServerCore>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Each connection is a descriptor; the soft limit of most systems is 1024.
  private static func raiseDescriptorLimit(to wanted: Int) {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(wanted)))
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  var connections: Int {
    state.withLock { state in
      unsafe state.server.map { unsafe Int(d2r_server_connections($0)) } ?? 0
    }
  }

  var requestsInFlight: Int { state.withLock { $0.inFlight } }

  func quiesce() {
    state.withLock { state in
      guard let server = unsafe state.server else { return }
      unsafe d2r_server_quiesce(server)
    }
  }

  func stop(within seconds: Double) {
    var left = seconds
    while requestsInFlight > 0, left > 0 {
      usleep(10_000)
      left -= 0.01
    }
    let server = unsafe state.withLock { state -> OpaquePointer? in
      guard state.inFlight == 0 else { return nil }
      defer { unsafe state.server = nil }
      return unsafe state.server
    }
    if let server = unsafe server { unsafe d2r_server_stop(server) }
  }

  // MARK: callbacks

  private func take(head exchange: OpaquePointer?) {
    guard let exchange = unsafe exchange else { return }
    switch unsafe handlers.head(Self.head(of: exchange)) {
    case .accept(let limit): unsafe d2r_exchange_accept(exchange, max(0, limit))
    case .refuse(let response): unsafe Self.answer(exchange, response)
    }
  }

  private func take(request exchange: OpaquePointer?) {
    guard let exchange = unsafe exchange else { return }
    let request = unsafe ServerRequest(head: Self.head(of: exchange), body: Self.body(of: exchange))
    state.withLock { $0.inFlight += 1 }
    let ticket = unsafe Ticket(exchange: exchange)
    Task.detached {
      let response = await self.handlers.request(request)
      ticket.answer(response)
      self.state.withLock { $0.inFlight -= 1 }
    }
  }

  /// One exchange on its way through a task.
  @safe private struct Ticket: Sendable {
    nonisolated(unsafe) let exchange: OpaquePointer
    func answer(_ response: ServerResponse) { unsafe ServerCore.answer(exchange, response) }
  }

  private static func head(of exchange: OpaquePointer) -> RequestHead {
    let lines = HeaderLines()
    unsafe d2r_exchange_headers(exchange, Unmanaged.passUnretained(lines).toOpaque()) {
      context, name, value in
      guard let context = unsafe context, let name = unsafe name, let value = unsafe value else {
        return
      }
      unsafe Unmanaged<HeaderLines>.fromOpaque(context).takeUnretainedValue()
        .add(String(cString: name), String(cString: value))
    }
    return unsafe RequestHead(
      method: String(cString: d2r_exchange_method(exchange)),
      target: String(cString: d2r_exchange_target(exchange)), headers: lines.lines,
      peer: String(cString: d2r_exchange_peer(exchange)))
  }

  private final class HeaderLines {
    var lines: [(name: String, value: String)] = []
    func add(_ name: String, _ value: String) { lines.append((name, value)) }
  }

  private static func body(of exchange: OpaquePointer) -> [UInt8] {
    var count = 0
    guard let bytes = unsafe d2r_exchange_body(exchange, &count), count > 0 else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private static func answer(_ exchange: OpaquePointer, _ response: ServerResponse) {
    var bytes: [UInt8] = []
    var answer = unsafe d2r_answer()
    unsafe answer.status = UInt32(response.status)
    unsafe answer.file = -1
    switch response.body {
    case .bytes(let body): bytes = body
    case .file(let file):
      unsafe answer.file = file.duplicate()
      unsafe answer.file_size = UInt64(file.byteCount)
    case .stream(let stream): unsafe answer.stream = stream.stream
    }
    let texts = unsafe response.headers.flatMap { unsafe [strdup($0.name), strdup($0.value)] }
    defer { for place in unsafe texts.indices { unsafe free(texts[place]) } }
    let headers = unsafe texts.map { unsafe UnsafePointer($0) }
    unsafe headers.withUnsafeBufferPointer { headers in
      unsafe answer.headers = headers.baseAddress
      unsafe answer.header_count = headers.count / 2
      unsafe bytes.withUnsafeBytes { body in
        unsafe answer.body = body.baseAddress
        unsafe answer.body_size = body.count
        _ = unsafe d2r_exchange_answer(exchange, &answer)
      }
    }
  }
}
