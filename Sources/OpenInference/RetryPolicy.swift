internal import LinearAlgebra

/// When a call that failed on the way is made again.
///
/// The n-th pause is min(`longest`, `first` · 2ⁿ) seconds times a factor in 0.5..<1 that is drawn by
/// counter, so that callers who failed together do not come back together (exponential back-off with
/// jitter).
public struct RetryPolicy: Equatable, Sendable {
  /// Seconds of the first pause, before the factor.
  public var first = 0.25
  /// Seconds of the longest one.
  public var longest = 10.0
  /// Seconds for all tries of one call together, pauses included.
  public var patience: Double

  public init(patience: Double) { self.patience = patience }

  /// Seconds to wait before try `attempt` (from 1 on) of call number `call`; a server's own wish is
  /// heeded, up to `patience`.
  public func pause(before attempt: Int, call: UInt64, wish: Double? = nil) -> Double {
    let steps = Double(1 << min(max(attempt - 1, 0), 20))
    let random = CounterRandom(seed: Seed.derived(from: "back-off"), stream: call)
    let pause = min(longest, first * steps) * (0.5 + random.uniform(at: UInt64(attempt)) / 2)
    return max(pause, min(wish ?? 0, patience))
  }
}
