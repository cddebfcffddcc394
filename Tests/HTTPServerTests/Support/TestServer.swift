import HTTPServer
import Synchronization

/// A server that says what it was asked, and a few things more.
final class TestServer: Sendable {
  let server: HTTPServer
  let streams = Mutex<[EventStream]>([])
  /// Bodies of `/slow` are answered when this is true.
  let isOpen = Mutex(false)

  init(
    address: ServerAddress = .tcp(host: "127.0.0.1", port: 0),
    limits: ServerLimits = ServerLimits(),
    certificate: HTTPServer.Certificate? = nil, bodyLimit: Int = 1000
  ) throws {
    let door = Door()
    server = try HTTPServer(
      address: address, certificate: certificate, limits: limits,
      handlers: HTTPServer.Handlers(
        head: { head in
          head.target == "/refused"
            ? .refuse(ServerResponse(status: 403, body: .bytes(Array("no".utf8))))
            : .accept(bodyLimit: bodyLimit)
        },
        request: { request in await door.owner.withLock { $0 }?.answer(request) ?? gone },
        log: { _ in }))
    door.owner.withLock { $0 = self }
  }

  private func answer(_ request: ServerRequest) async -> ServerResponse {
    switch request.head.target {
    case "/stream":
      let stream = EventStream(limit: 1000)
      streams.withLock { $0.append(stream) }
      return ServerResponse(status: 200, body: .stream(stream))
    case "/slow":
      while !isOpen.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(5)) }
      return ServerResponse(status: 200, body: .bytes(Array("late".utf8)))
    default:
      let names = request.head.headers.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
      let text =
        "\(request.head.method) \(request.head.target) [\(names)] \(request.head.peer) "
        + String(decoding: request.body, as: UTF8.self)
      return ServerResponse(
        status: 200, headers: [("X-Test", "1")], body: .bytes(Array(text.utf8)))
    }
  }
}

private let gone = ServerResponse(status: 500)

/// Lets handlers find the object that is made after them.
private final class Door: Sendable {
  let owner = Mutex<TestServer?>(nil)
}
