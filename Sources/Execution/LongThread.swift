import CSpawn
import Glibc

/// A thread of the operating system that lives for a long time beside Swift's shared pool.
public enum LongThread {
  private final class Errand: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }

  /// Runs `work` on a thread of its own, with every signal left to other threads.
  /// - Returns: false where the system refuses a thread; nothing runs then.
  public static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
    var all = sigset_t()
    var before = sigset_t()
    // Safe: the sets are on the stack, and the started thread takes over the one retained box.
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    let errand = unsafe Unmanaged.passRetained(Errand(work))
    var thread = pthread_t()
    let refused = unsafe pthread_create(
      &thread, nil,
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().work()
        }
        return nil
      }, errand.toOpaque())
    guard refused == 0 else {
      unsafe errand.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
