import Diagnostics
import Service
import Synchronization
import Testing

/// What listeners hear.
@Suite struct EventTests {
  @Test func `listeners hear everything in order, also what they missed`() {
    let events = ServiceEvents(start: 100)
    let heard = Mutex<[Int]>([])
    for number in 0..<5 { events.publish("job", .int(number)) }
    #expect(events.last == 105)
    let subscription = events.subscribe(after: 103) { event in
      heard.withLock { $0.append(event.sequence) }
    }
    events.publish("job", 9)
    #expect(heard.withLock { $0 } == [104, 105, 106])
    subscription.cancel()
    events.publish("job", 10)
    #expect(heard.withLock { $0 }.count == 3)
    #expect(events.listenerCount == 0)
  }

  @Test func `a listener that goes is forgotten, and old events are too`() {
    let events = ServiceEvents()
    do { _ = events.subscribe { _ in } }
    #expect(events.listenerCount == 0)
    for number in 0..<5000 { events.publish("job", .int(number)) }
    let heard = Mutex<[Int]>([])
    let subscription = events.subscribe(after: 0) { event in
      heard.withLock { $0.append(event.sequence) }
    }
    let found = heard.withLock { $0 }
    #expect(found == Array((5001 - ServiceEvents.kept)...5000))
    _ = subscription
  }

  @Test func `many threads publish, and every listener hears one order`() async {
    let events = ServiceEvents()
    let one = Mutex<[Int]>([])
    let other = Mutex<[JSONValue]>([])
    let first = events.subscribe { event in one.withLock { $0.append(event.sequence) } }
    let second = events.subscribe { event in other.withLock { $0.append(event.data) } }
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<250 { events.publish("job", .int(task * 1000 + number)) }
        }
      }
    }
    #expect(one.withLock { $0 } == Array(1...2000))
    #expect(other.withLock { $0 }.count == 2000)
    first.cancel()
    second.cancel()
  }
}
