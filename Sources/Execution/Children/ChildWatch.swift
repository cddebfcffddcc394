import CSpawn
import Glibc

/// The work of a supervisor's thread: starts programs, sleeps until one of them has something to
/// say, and reaps them.
///
/// The unsafe calls lend C strings, buffers and structs for the time of one system call.
struct ChildWatch {
  private let limits: ChildSupervisor.Limits
  private let bell: Bell
  private let report: (ChildSupervisor.Event) -> Void
  private let watch = Stopwatch()
  private var children: [WatchedChild] = []

  init(
    limits: ChildSupervisor.Limits, bell: Bell,
    report: @escaping (ChildSupervisor.Event) -> Void
  ) {
    self.limits = limits
    self.bell = bell
    self.report = report
  }

  /// Does what was ordered and looks after everyone; false once it was told to finish.
  mutating func goOn(_ orders: [ChildSupervisor.Order]) -> Bool {
    var isLast = false
    for order in orders {
      switch order {
      case .start(let key, let program): start(key, program)
      case .stop(let key, let grace): stop(key, grace)
      case .finish: isLast = true
      }
    }
    for place in children.indices { look(after: place, isLast: isLast) }
    children.removeAll(where: \.isOver)
    return !isLast
  }

  /// Until something is to be read, someone ended, the bell rings or patience with someone ends.
  mutating func sleep() {
    var waiting = [pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)]
    for child in children { waiting += child.awaited }
    let next = children.compactMap(\.deadline).min()
    // Without a descriptor for its end a child is looked at now and then.
    let isBlind = bell.descriptor < 0 || children.contains { $0.ending < 0 }
    var time = isBlind ? 50.0 : 60_000.0
    if let next { time = min(time, max(1, (next - watch.seconds) * 1000)) }
    let count = nfds_t(waiting.count)
    _ = unsafe waiting.withUnsafeMutableBufferPointer {
      unsafe poll($0.baseAddress, count, Int32(time))
    }
    if waiting[0].revents != 0 { cspawn_hush(bell.descriptor) }
  }

  private mutating func start(_ key: Int64, _ program: ChildProgram) {
    do throws(ChildError) {
      let child = try WatchedChild(key, program, limits)
      children.append(child)
      report(.started(key: key, pid: child.pid))
    } catch {
      report(.refused(key: key, error))
    }
  }

  private mutating func stop(_ key: Int64, _ grace: Double) {
    guard let place = children.firstIndex(where: { $0.key == key }) else { return }
    children[place].ask()
    children[place].deadline = watch.seconds + max(0, grace)
  }

  private mutating func look(after place: Int, isLast: Bool) {
    let key = children[place].key
    for line in children[place].hear() { report(.line(key: key, line)) }
    if let deadline = children[place].deadline, watch.seconds >= deadline {
      children[place].kill()
    }
    if isLast { children[place].kill() }
    guard let (ending, lines) = children[place].reap(waits: isLast) else { return }
    for line in lines { report(.line(key: key, line)) }
    report(.ended(key: key, ending))
  }
}
