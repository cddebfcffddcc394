import Glibc
import Synchronization

/// A thread that does one errand after the other. Helpers wait for each other's next errand for a moment
/// before they sleep, so that a loop of many short parallel parts does not pay for a new thread in each.
///
/// `@unchecked Sendable`: the errand is touched by one side at a time, handed over by the semaphores.
final class Helper: @unchecked Sendable {
  /// Those without an errand.
  private static let idle = Mutex<[Helper]>([])
  /// So many may be without an errand; a further one ends.
  private static let most = 64

  private let begun = Semaphore()
  private let done = Semaphore()
  private var errand: (@Sendable () -> Void)?

  /// One that is idle, or a new one; nil where the system refuses a thread.
  static func take() -> Helper? {
    if let idle = idle.withLock({ $0.popLast() }) { return idle }
    let fresh = Helper()
    guard let thread = Worker.begin({ fresh.live() }) else { return nil }
    pthread_detach(thread)
    return fresh
  }

  /// Begins an errand; `finish` must be called after it.
  func start(_ work: @escaping @Sendable () -> Void) {
    errand = work
    begun.post()
  }

  /// Waits until the errand is done; the helper is idle then.
  func finish() {
    done.wait()
    let isKept = Self.idle.withLock { idle in
      guard idle.count < Self.most else { return false }
      idle.append(self)
      return true
    }
    if !isKept { begun.post() }
  }

  private func live() {
    begun.wait()
    while work() {
      done.post()
      begun.wait()
    }
  }

  /// False where there is no errand. Not inlined, so that the errand is let go of before it is called done.
  @inline(never)
  private func work() -> Bool {
    guard let work = errand.take() else { return false }
    work()
    return true
  }
}

/// A count that threads wait for, with a moment of watching before they sleep.
///
/// `@unchecked Sendable`: the C object lives at a fixed address from `init` to `deinit`.
@safe private final class Semaphore: @unchecked Sendable {
  private let count = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
  /// Looks before sleeping, about a tenth of a millisecond; between two, others may run.
  private static let looks = 200

  init() {
    unsafe count.initialize(to: sem_t())
    unsafe sem_init(count, 0, 0)
  }

  deinit {
    unsafe sem_destroy(count)
    unsafe count.deallocate()
  }

  func post() { unsafe sem_post(count) }

  func wait() {
    for _ in 0..<Self.looks {
      if unsafe sem_trywait(count) == 0 { return }
      sched_yield()
    }
    // A signal may end a sleep early.
    while unsafe sem_wait(count) != 0 {}
  }
}
