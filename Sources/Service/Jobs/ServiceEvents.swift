public import Diagnostics
internal import Synchronization

/// Something that happened, for whoever listens.
public struct ServiceEvent: Equatable, Sendable {
  /// Grows by one with every event of this daemon's life.
  public var sequence: Int
  /// `job`, `progress`, `schedule`, `alert` or `change`.
  public var name: String
  public var data: JSONValue
}

/// Tells listeners what happens, in order. The last events are kept, so that a listener who was cut
/// off can go on where it was. Safe from several threads.
public final class ServiceEvents: Sendable {
  /// Events kept for those who come back.
  public static let kept = 1024

  private struct State {
    /// Starts at a number that the daemon before it cannot have reached.
    var sequence: Int
    var ring: [ServiceEvent] = []
    var listeners: [Int: @Sendable (ServiceEvent) -> Void] = [:]
    var nextListener = 0
  }

  private let state: Mutex<State>

  /// - Parameter start: the number before the first event's. By the clock in milliseconds, numbers
  ///   of an earlier daemon are always smaller.
  public init(start: Int = 0) { state = Mutex(State(sequence: start)) }

  /// The number of the last event.
  public var last: Int { state.withLock { $0.sequence } }

  /// Tells everyone. Listeners are called one event after the other, under the lock: they only put
  /// the event somewhere.
  public func publish(_ name: String, _ data: JSONValue) {
    state.withLock { state in
      state.sequence += 1
      let event = ServiceEvent(sequence: state.sequence, name: name, data: data)
      state.ring.append(event)
      if state.ring.count >= 2 * Self.kept { state.ring.removeFirst(Self.kept) }
      for listener in state.listeners.values { listener(event) }
    }
  }

  /// Calls `body` with the kept events after the one numbered `after` (none where nil), then with
  /// every new one, until the subscription goes or is cancelled. `body` must neither block nor call
  /// this object.
  public func subscribe(
    after: Int? = nil, _ body: @escaping @Sendable (ServiceEvent) -> Void
  ) -> Subscription {
    let number = state.withLock { state in
      if let after {
        for event in state.ring.suffix(Self.kept) where event.sequence > after { body(event) }
      }
      state.nextListener += 1
      state.listeners[state.nextListener] = body
      return state.nextListener
    }
    return Subscription(events: self, number: number)
  }

  /// Calls `body` with the kept events after the one numbered `after` (none where nil) at a moment
  /// between two events, so that who begins to listen in it misses none and hears none twice.
  func join(after: Int?, _ body: ([ServiceEvent]) -> Void) {
    state.withLock { state in
      body(after.map { after in state.ring.suffix(Self.kept).filter { $0.sequence > after } } ?? [])
    }
  }

  /// How many listen.
  public var listenerCount: Int { state.withLock { $0.listeners.count } }

  fileprivate func remove(_ number: Int) {
    state.withLock { _ = $0.listeners.removeValue(forKey: number) }
  }

  /// A place among the listeners, given up with this object.
  public final class Subscription: Sendable {
    private let events: ServiceEvents
    private let number: Int

    fileprivate init(events: ServiceEvents, number: Int) {
      self.events = events
      self.number = number
    }

    deinit { cancel() }

    /// No event comes after this.
    public func cancel() { events.remove(number) }
  }
}
