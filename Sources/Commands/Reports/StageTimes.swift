import Domain
import Synchronization

/// Measures the stages of work by what they report of themselves, and passes everything on.
final class StageTimes: ProgressReporter {
  private struct State {
    var seconds: [String: Double] = [:]
    var current: (stage: String, start: Duration)?
  }

  private let inner: any ProgressReporter
  private let clock: @Sendable () -> Duration
  private let state = Mutex(State())

  /// - Parameter clock: time since some fixed moment.
  init(_ inner: any ProgressReporter, clock: @escaping @Sendable () -> Duration) {
    self.inner = inner
    self.clock = clock
  }

  /// Seconds by stage; a stage that came twice counts both times.
  var seconds: [String: Double] { state.withLock { $0.seconds } }

  func begin(_ stage: String, total: Int?, unit: String) {
    let now = clock()
    state.withLock { $0.current = (stage, now) }
    inner.begin(stage, total: total, unit: unit)
  }

  func advance(to done: Int) { inner.advance(to: done) }

  func remark(_ text: String) { inner.remark(text) }

  func end(_ remark: String?) {
    let now = clock()
    state.withLock { state in
      guard let (stage, start) = state.current else { return }
      state.seconds[stage, default: 0] += (now - start) / .seconds(1)
      state.current = nil
    }
    inner.end(remark)
  }
}
