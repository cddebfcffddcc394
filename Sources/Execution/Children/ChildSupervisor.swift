import CSpawn
import Glibc
import Synchronization

/// Runs many programs side by side with one thread that waits for all of them.
///
/// Each leads a process group of its own, which ends with it; none outlives this process, however
/// that ends. Programs read nothing. Their standard output is collected up to a limit, their
/// standard error arrives line by line. Events come from the one thread, in order; whoever takes
/// them must not block it.
public final class ChildSupervisor: Sendable {
  /// What is kept of what programs write.
  public struct Limits: Equatable, Sendable {
    /// Bytes of standard output; the rest is read and thrown away.
    public var output = 8 << 20
    /// Bytes of one line of standard error.
    public var line = 1 << 14

    public init() {}
  }

  /// What happened to the program that was started under a key.
  public enum Event: Sendable {
    case started(key: Int64, pid: Int32)
    /// It could not be started; nothing else will come under this key.
    case refused(key: Int64, ChildError)
    /// A line of standard error, without control characters.
    case line(key: Int64, String)
    /// It ended, and so has its group; nothing else will come under this key.
    case ended(key: Int64, ChildEnding)
  }

  enum Order {
    case start(key: Int64, ChildProgram)
    case stop(key: Int64, grace: Double)
    case finish
  }

  private let orders = Mutex<[Order]>([])
  private let bell = Bell()
  private let isOver = Monitor(false)

  /// Starts the thread.
  /// - Throws: `notStarted` where the system gives no thread.
  public init(
    limits: Limits = Limits(), report: @escaping @Sendable (Event) -> Void
  ) throws(ChildError) {
    let began = LongThread.start { [orders = Orders(self), bell, isOver] in
      var watch = ChildWatch(limits: limits, bell: bell, report: report)
      while watch.goOn(orders.take()) { watch.sleep() }
      isOver.update { $0 = true }
    }
    guard began else {
      throw ChildError(.notStarted, "the system gives no thread to watch programs")
    }
  }

  /// Starts a program under a key that no running one has; the answer is an event.
  public func start(_ key: Int64, _ program: ChildProgram) { order(.start(key: key, program)) }

  /// Asks the program's group to end (SIGTERM), and after `grace` seconds kills it.
  public func stop(_ key: Int64, grace: Double) { order(.stop(key: key, grace: grace)) }

  /// Kills what still runs, and returns when the thread has ended. Blocks the calling thread.
  public func close() {
    order(.finish)
    _ = isOver.wait { $0 ? true : nil }
  }

  private func order(_ order: Order) {
    orders.withLock { $0.append(order) }
    bell.ring()
  }

  /// The way of the thread to its orders; it keeps the supervisor alive until the thread ends.
  private struct Orders: Sendable {
    let supervisor: ChildSupervisor
    init(_ supervisor: ChildSupervisor) { self.supervisor = supervisor }
    func take() -> [Order] {
      supervisor.orders.withLock { orders in
        defer { orders = [] }
        return orders
      }
    }
  }
}

/// How a program ended.
public struct ChildEnding: Equatable, Sendable {
  /// Its status, nil where a signal ended it.
  public var exitCode: Int32?
  /// The signal that ended it, nil where it ended by itself.
  public var signal: Int32?
  /// Its standard output, up to the limit.
  public var output: [UInt8]
  /// False where it wrote more than the limit.
  public var isWhole: Bool
}
