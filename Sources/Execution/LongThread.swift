import CSpawn
import Glibc

/// A thread of the operating system that lives for a long time beside Swift's shared pool.
public enum LongThread {
  /// Runs `work` on a thread of its own, with every signal left to other threads.
  /// - Returns: false where the system refuses a thread; nothing runs then.
  public static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
    var all = sigset_t()
    var before = sigset_t()
    // Safe: the sets are on the stack, and the calls only fill and read them.
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    guard let thread = Worker.begin(work) else { return false }
    pthread_detach(thread)
    return true
  }
}
