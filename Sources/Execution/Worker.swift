import Glibc

/// Real threads of the operating system, outside Swift's shared pool, so that blocking work never
/// starves the pool.
///
/// The unsafe calls below pass one retained box to `pthread_create`; the started thread takes the
/// box over. `run` borrows helpers, which are done before it returns.
enum Worker {
  /// Runs `body(0)` to `body(threads - 1)` at once, the first on the calling thread, and returns
  /// when all are done. Where the system refuses a thread its number is not run: `body` must take
  /// its work from a shared place so that fewer workers only mean slower work.
  static func run(threads: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      let others = start(1..<max(1, threads), body)
      body(0)
      for helper in others { helper.finish() }
    }
  }

  /// Runs `body(0)` to `body(threads - 1)` on other threads while `meanwhile` runs on the calling
  /// one, told how many threads there are; returns when all are done.
  static func run<Result>(
    threads: Int, _ body: @Sendable (Int) -> Void, meanwhile: (Int) throws -> Result
  ) rethrows -> Result {
    try withoutActuallyEscaping(body) { body in
      let others = start(0..<max(1, threads), body)
      defer { for helper in others { helper.finish() } }
      return try meanwhile(others.count)
    }
  }

  private static func start(
    _ numbers: Range<Int>, _ body: @escaping @Sendable (Int) -> Void
  ) -> [Helper] {
    numbers.compactMap { number in
      let helper = Helper.take()
      helper?.start { body(number) }
      return helper
    }
  }

  /// Runs `work` on a new thread; nil where the system refuses one.
  static func begin(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
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
    if refused == 0 { return thread }
    unsafe errand.release()
    return nil
  }

  private final class Errand: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }
}
