public import Domain
import Synchronization

/// Shows how far long work is: one line that rewrites itself on a terminal, a plain line now and
/// then elsewhere. Safe from several threads.
public final class ProgressLine: ProgressReporter {
  /// Who is looking.
  public enum Audience: Equatable, Sendable {
    /// A terminal of so many columns: redrawn at most ten times a second.
    case terminal(columns: Int)
    /// A file or a pipe: a line at the start, at most one every five seconds, and one at the end.
    case log
    /// A program that started this one: a JSON object a line, at most five a second, at the start
    /// of a stage, on the way and at its end (`isOver`).
    case program
    /// Nobody.
    case none
  }

  /// Where the line gets its facts; tests bring their own.
  public struct Sources: Sendable {
    /// Time since some fixed moment.
    public var clock: @Sendable () -> Duration
    /// Resident bytes of the process, or nil where unknown.
    public var memory: @Sendable () -> Int?

    public init(
      clock: @escaping @Sendable () -> Duration, memory: @escaping @Sendable () -> Int? = { nil }
    ) {
      self.clock = clock
      self.memory = memory
    }
  }

  private let sink: any TextSink
  private let audience: Audience
  private let sources: Sources
  private let stage = Mutex<ProgressStage?>(nil)

  public init(sink: any TextSink, audience: Audience, sources: Sources) {
    self.sink = sink
    self.audience = audience
    self.sources = sources
  }

  /// Progress on standard error, as a bar where that is a terminal, and for a program where the
  /// environment says `D2R_PROGRESS=json`.
  public static func onStandardError(
    isQuiet: Bool, environment: [String: String] = [:],
    memory: @escaping @Sendable () -> Int? = { nil }
  ) -> ProgressLine {
    let sink = StreamSink.standardError
    let start = ContinuousClock.now
    let isProgram = environment["D2R_PROGRESS"] == "json"
    let audience: Audience =
      isProgram
      ? .program : isQuiet ? .none : sink.isTerminal ? .terminal(columns: sink.columns ?? 80) : .log
    return ProgressLine(
      sink: sink, audience: audience,
      sources: Sources(clock: { ContinuousClock.now - start }, memory: memory))
  }

  public func begin(_ stage: String, total: Int?, unit: String) {
    guard audience != .none else { return }
    let now = sources.clock()
    self.stage.withLock { current in
      if current != nil, case .terminal = audience { sink.write("\n") }
      let fresh = ProgressStage(name: stage, total: total, unit: unit, start: now)
      current = fresh
      switch audience {
      case .terminal(let columns): draw(fresh, now, columns)
      case .log: sink.write(fresh.opening + "\n")
      case .program: sink.write(fresh.document(at: now, memory: sources.memory()).compact + "\n")
      case .none: break
      }
    }
  }

  public func advance(to done: Int) {
    guard audience != .none else { return }
    let now = sources.clock()
    stage.withLock { current in
      current?.note(done, at: now)
      guard let stage = current, now - stage.lastShown >= pause else { return }
      current?.lastShown = now
      switch audience {
      case .terminal(let columns): draw(stage, now, columns)
      case .log: sink.write(stage.line(at: now, memory: sources.memory()) + "\n")
      case .program: sink.write(stage.document(at: now, memory: sources.memory()).compact + "\n")
      case .none: break
      }
    }
  }

  /// Shown from the next redrawing on.
  public func remark(_ text: String) { stage.withLock { $0?.remark = text } }

  public func end(_ remark: String?) {
    guard audience != .none else { return }
    let now = sources.clock()
    stage.withLock { current in
      guard let stage = current else { return }
      if audience == .program {
        var last = stage.document(at: now, memory: sources.memory(), remark: remark)
        last["progress"]?["isOver"] = true
        sink.write(last.compact + "\n")
        current = nil
        return
      }
      let closing = stage.closing(at: now, memory: sources.memory(), remark: remark)
      if case .terminal = audience {
        sink.write("\r" + closing + "\u{1B}[K\n")
      } else {
        sink.write(closing + "\n")
      }
      current = nil
    }
  }

  private var pause: Duration {
    switch audience {
    case .log: .seconds(5)
    case .program: .milliseconds(200)
    case .terminal, .none: .milliseconds(100)
    }
  }

  private func draw(_ stage: ProgressStage, _ now: Duration, _ columns: Int) {
    sink.write("\r" + stage.bar(at: now, memory: sources.memory(), columns: columns) + "\u{1B}[K")
  }
}
