internal import Diagnostics
internal import Execution
internal import HTTPServer
internal import Synchronization

/// Sends what happens to everyone who listens over HTTP, as server-sent events.
///
/// An event is written once and handed to every listener. Who reads too slowly is cut off, and may
/// come back with `Last-Event-ID`.
final class EventFeed: Sendable {
  /// Seconds between two comments that keep connections open.
  static let pulse = 15.0
  /// Milliseconds after which a browser comes back.
  static let retry = 2000

  private struct Listener {
    var stream: EventStream
    /// Nil for everything; else only this job, until it is over.
    var job: Int64?
  }

  private struct State {
    var listeners: [Int: Listener] = [:]
    var next = 0
    var subscription: ServiceEvents.Subscription?
    var isClosed = false
  }

  private let events: ServiceEvents
  private let state = Mutex(State())
  private let bell = Bell()

  init(_ events: ServiceEvents) {
    self.events = events
    let subscription = events.subscribe { [weak self] in self?.send($0) }
    state.withLock { $0.subscription = subscription }
    _ = LongThread.start { [weak self, bell] in
      while let feed = self, feed.beat() { bell.sleep(seconds: Self.pulse) }
    }
  }

  /// How many listen.
  var listenerCount: Int { state.withLock { $0.listeners.count } }

  /// Everything that happens, from the event after the one numbered `after` on.
  func listen(after: Int?) -> EventStream {
    let stream = EventStream()
    events.join(after: after) { missed in
      _ = stream.push(Array("retry: \(Self.retry)\n\n".utf8))
      for event in missed { _ = stream.push(Self.bytes(event)) }
      add(Listener(stream: stream))
    }
    return stream
  }

  /// A job as it is now, and what happens to it until it is over.
  /// - Parameter read: the job, asked for once nothing can be missed.
  func listen(to job: Int64, read: @Sendable () async throws -> Job) async throws -> EventStream {
    let stream = EventStream()
    let number = add(Listener(stream: stream, job: job))
    do {
      let now = try await read()
      let event = ServiceEvent(sequence: events.last, name: "job", data: now.document)
      _ = stream.push(Self.bytes(event))
      if now.state.isOver { finish(number) }
    } catch {
      finish(number)
      throw error
    }
    return stream
  }

  /// Ends every answer. To be called once before the feed is let go.
  func close() {
    // The subscription is given up outside the lock: events are sent under theirs and take ours.
    let (subscription, streams) = state.withLock { state in
      let parts = (state.subscription, state.listeners.values.map(\.stream))
      state = State(next: state.next, isClosed: true)
      return parts
    }
    subscription?.cancel()
    for stream in streams { stream.finish() }
    bell.ring()
  }

  @discardableResult
  private func add(_ listener: Listener) -> Int {
    state.withLock { state in
      state.next += 1
      if state.isClosed {
        listener.stream.finish()
      } else {
        state.listeners[state.next] = listener
      }
      return state.next
    }
  }

  private func finish(_ number: Int) {
    state.withLock { $0.listeners.removeValue(forKey: number) }?.stream.finish()
  }

  private func send(_ event: ServiceEvent) {
    let bytes = Self.bytes(event)
    let id = event.data["id"]?.intValue.map(Int64.init)
    let isOver =
      event.name == "job"
      && (event.data["state"]?.stringValue.flatMap(Job.State.init)?.isOver ?? false)
    state.withLock { state in
      for (number, listener) in state.listeners {
        if let job = listener.job, job != id || !["job", "progress"].contains(event.name) {
          continue
        }
        let isGone = listener.stream.push(bytes) != .taken
        guard isGone || (isOver && listener.job != nil) else { continue }
        listener.stream.finish()
        state.listeners[number] = nil
      }
    }
  }

  /// Keeps connections open; false once closed.
  private func beat() -> Bool {
    let comment = Array(": keep\n\n".utf8)
    return state.withLock { state in
      for (number, listener) in state.listeners where listener.stream.push(comment) != .taken {
        listener.stream.finish()
        state.listeners[number] = nil
      }
      return !state.isClosed
    }
  }

  private static func bytes(_ event: ServiceEvent) -> [UInt8] {
    Array("id: \(event.sequence)\nevent: \(event.name)\ndata: \(event.data.compact)\n\n".utf8)
  }
}
