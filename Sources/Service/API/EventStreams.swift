internal import Diagnostics
internal import HTTPServer
internal import Synchronization

/// The open event streams of all clients (server-sent events of the HTML standard).
final class EventStreams: Sendable {
  /// Most streams at once.
  static let most = 11_000

  private struct Open {
    var stream: EventStream
    var subscription: ServiceEvents.Subscription?
  }

  private struct State {
    var streams: [Int: Open] = [:]
    var next = 0
    var isOver = false
  }

  private let events: ServiceEvents
  private let state = Mutex(State())

  init(events: ServiceEvents) { self.events = events }

  var count: Int { state.withLock { $0.streams.count } }

  /// A stream of the events that pass.
  ///
  /// - Parameters:
  ///   - after: the number of the last event the client has.
  ///   - first: sent at once.
  ///   - wanted: the event as this client gets it, or nil; `ends` closes the stream after it.
  /// - Throws: 503 where too many are open, or the daemon stops.
  func open(
    after: Int?, first: [ServiceEvent] = [],
    wanted: @escaping @Sendable (ServiceEvent) -> (event: ServiceEvent, ends: Bool)?
  ) throws(Problem) -> Reply {
    let stream = EventStream()
    let number = state.withLock { state -> Int? in
      guard !state.isOver, state.streams.count < Self.most else { return nil }
      state.next += 1
      state.streams[state.next] = Open(stream: stream)
      return state.next
    }
    guard let number else {
      throw Problem(503, "tooManyStreams", "too many event streams are open", hint: "try again later")
    }
    _ = stream.push(Array("retry: 2000\n\n".utf8))
    for event in first { _ = stream.push(Self.text(event)) }
    let subscription = events.subscribe(after: after) { event in
      guard let (event, ends) = wanted(event) else { return }
      // One that reads too slowly is cut off; it comes back with the number of its last event.
      if stream.push(Self.text(event)) != .taken || ends { stream.finish() }
    }
    state.withLock { $0.streams[number]?.subscription = subscription }
    return Self.reply(.stream(stream))
  }

  /// A stream of one event that is over at once.
  func closed(_ event: ServiceEvent) -> Reply { Self.reply(.bytes(Self.text(event))) }

  private static func reply(_ body: ServerResponse.Body) -> Reply {
    .whole(
      ServerResponse(
        status: 200,
        headers: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")],
        body: body))
  }

  /// Sends a comment to everyone, which also finds out who is gone.
  func keepAlive() {
    let streams = state.withLock { $0.streams }
    let gone = streams.filter { $0.value.stream.push(Array(": keep\n\n".utf8)) != .taken }
    for open in gone.values { open.stream.finish() }
    // Subscriptions go outside the lock: giving one up takes the events' own lock.
    let dropped = state.withLock { state in gone.keys.map { state.streams.removeValue(forKey: $0) } }
    withExtendedLifetime(dropped) {}
  }

  /// Ends every stream, and opens no more.
  func finish() {
    let streams = state.withLock { state in
      state.isOver = true
      defer { state.streams = [:] }
      return state.streams
    }
    for open in streams.values { open.stream.finish() }
  }

  private static func text(_ event: ServiceEvent) -> [UInt8] {
    Array("id: \(event.sequence)\nevent: \(event.name)\ndata: \(event.data.compact)\n\n".utf8)
  }
}
