import Glibc
import Synchronization

/// Requests to begin new log files, which arrive as SIGHUP.
public enum Hangups {
  private static let count = Atomic<Int>(0)

  /// Takes over SIGHUP for the rest of the process.
  public static func install() {
    _ = total  // The handler must not be the first to touch lazily made state.
    Glibc.signal(SIGHUP) { _ in Hangups.count.add(1, ordering: .relaxed) }
  }

  /// How many arrived.
  public static var total: Int { count.load(ordering: .relaxed) }
}
