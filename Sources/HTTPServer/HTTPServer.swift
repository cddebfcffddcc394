import CMicroHTTPDShim
internal import Glibc
import Synchronization

/// Answers requests over HTTP/1.1, with or without TLS.
///
/// Connections wait on a few threads of the library's; a request is handled on Swift's shared pool
/// while its connection is put aside, so thousands may wait at once.
public final class HTTPServer: Sendable {
  /// PEM texts of a certificate chain and its key.
  public struct Certificate: Sendable {
    public var chain: String
    public var key: String

    public init(chain: String, key: String) {
      self.chain = chain
      self.key = key
    }
  }

  /// What answers. All three are called from several threads at once.
  public struct Handlers: Sendable {
    /// Looks at a head before its body is read; must be quick.
    public var head: @Sendable (RequestHead) -> HeadAnswer
    public var request: @Sendable (ServerRequest) async -> ServerResponse
    /// Lines of the library's own log.
    public var log: @Sendable (String) -> Void

    public init(
      head: @escaping @Sendable (RequestHead) -> HeadAnswer,
      request: @escaping @Sendable (ServerRequest) async -> ServerResponse,
      log: @escaping @Sendable (String) -> Void
    ) {
      self.head = head
      self.request = request
      self.log = log
    }
  }

  /// Where it listens; with the port that was taken.
  public let address: ServerAddress
  private let core: ServerCore

  /// Binds and starts.
  ///
  /// - Throws: `notBound`, `certificate`, `notStarted`.
  public init(
    address: ServerAddress, certificate: Certificate? = nil, limits: ServerLimits = ServerLimits(),
    handlers: Handlers
  ) throws(ServerError) {
    let socket = try ListeningSocket(address)
    self.address = socket.address
    core = try ServerCore(
      listening: socket.descriptor, certificate: certificate, limits: limits, handlers: handlers)
  }

  /// Connections open now.
  public var connections: Int { core.connections }

  /// Requests being handled now.
  public var requestsInFlight: Int { core.requestsInFlight }

  /// Takes no further connections; those that are open go on.
  public func quiesce() { core.quiesce() }

  /// Waits until every request is answered, at most so long, and ends. Streams must be finished.
  /// Calling it again changes nothing. A request that is not answered in time keeps its thread and
  /// its connection until the process ends.
  public func stop(within seconds: Double = 10) { core.stop(within: seconds) }
}

/// Binds the address.
private struct ListeningSocket {
  let descriptor: Int32
  let address: ServerAddress

  init(_ wanted: ServerAddress) throws(ServerError) {
    switch wanted {
    case .inherited(let inherited):
      descriptor = inherited
      address = wanted
    case .unix(let path):
      descriptor = unsafe d2r_listen_unix(path)
      address = wanted
      try Self.check(descriptor, path)
    case .tcp(let host, let port):
      var port = port
      descriptor = unsafe d2r_listen_tcp(host, &port)
      address = .tcp(host: host, port: port)
      try Self.check(descriptor, "\(host) port \(port)")
    }
  }

  private static func check(_ answer: Int32, _ place: String) throws(ServerError) {
    guard answer < 0 else { return }
    let reason = unsafe String(cString: strerror(-answer)).lowercased()
    throw ServerError(
      .notBound, "cannot listen at \(place): \(reason)",
      hint: -answer == EADDRINUSE
        ? "another program listens there: end it, or choose another port" : nil)
  }
}
