import Diagnostics
import Synchronization

/// Remembers what was written.
final class Recorder: TextSink {
  private let content = Mutex("")
  let failure: String?

  init(failure: String? = nil) { self.failure = failure }

  func write(_ text: String) { content.withLock { $0 += text } }

  var text: String { content.withLock { $0 } }
  var lines: [String] { text.split(separator: "\n").map(String.init) }
}

/// A clock that stands still until it is moved.
final class HandClock: Sendable {
  private let time = Mutex(Duration.zero)

  func move(_ step: Duration) { time.withLock { $0 += step } }
  var now: Duration { time.withLock { $0 } }
}
