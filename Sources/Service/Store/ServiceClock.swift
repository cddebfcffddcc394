internal import Glibc

/// The time of day; tests bring their own.
public struct ServiceClock: Sendable {
  public var now: @Sendable () -> Moment

  public init(now: @escaping @Sendable () -> Moment) { self.now = now }

  /// The system's clock.
  public static let system = ServiceClock {
    var time = timespec()
    // Safe: the struct is lent for the call.
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
