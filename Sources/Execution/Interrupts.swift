import CSpawn
import Glibc
import Synchronization

/// Requests to stop that arrive as signals. Long work asks `requested` between its parts, commits
/// what is whole and stops; a second signal ends the process at once with status 130.
public enum Interrupts {
  private static let record = InterruptRecord()

  /// Takes over SIGINT and SIGTERM for the rest of the process. Calling it again changes nothing.
  /// Where whoever started the process had them blocked, the calling thread lets them in again.
  public static func install() {
    unblock()
    _ = record.signal  // The handler must not be the first to touch lazily made state.
    for number in [SIGINT, SIGTERM] {
      Glibc.signal(number) { received in
        if Interrupts.record.receive(received) == .exitNow {
          cspawn_kill_all()
          _exit(130)
        }
      }
    }
  }

  private static func unblock() {
    var signals = sigset_t()
    // Safe: the set is on the stack and the calls only fill and read it.
    _ = unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { _ = unsafe sigaddset(&signals, number) }
    _ = unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// True once SIGINT or SIGTERM arrived.
  public static var requested: Bool { record.signal != nil }

  /// The number of the first signal that arrived, for an exit status of 128 plus that number.
  public static var signal: Int32? { record.signal }
}

/// Counts signals; usable from a signal handler, which may only touch lock-free atomics.
public final class InterruptRecord: Sendable {
  /// What the handler is to do.
  public enum Answer: Equatable, Sendable { case carryOn, exitNow }

  private let first = Atomic<Int32>(0)

  public init() {}

  /// The first signal received, or nil.
  public var signal: Int32? {
    let number = first.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Notes a signal: the first lets the work end in order, any further one asks to exit at once.
  public func receive(_ number: Int32) -> Answer {
    first.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
      ? .carryOn : .exitNow
  }
}
