import Glibc
import Synchronization

/// Names for files and folders on their way to their real name.
enum TemporaryName {
  private static let counter = Atomic<UInt64>(0)

  /// A hidden name no other thread or process is using: process, start of its count, and a
  /// counter. It is short, so a long real name does not push it over the limit.
  static func next() -> String {
    let number = counter.add(1, ordering: .relaxed).newValue
    return ".d2r-\(getpid())-\(stamp)-\(number).tmp"
  }

  /// Tells apart processes that were given the same id one after the other.
  private static let stamp: String = {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return String(UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec), radix: 36)
  }()
}
