/// Measures elapsed time on a clock that never jumps.
public struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  /// Starts at once.
  public init() {}

  /// Time since the start.
  public var elapsed: Duration { ContinuousClock.now - start }

  /// Time since the start in seconds.
  public var seconds: Double { elapsed / .seconds(1) }
}
