import Dispatch

/// One thread of work of its own: an actor that blocks in C libraries runs here, so that Swift's
/// shared pool need not wait for it.
public final class SerialQueue: SerialExecutor {
  private let queue: DispatchQueue

  public init(label: String) { queue = DispatchQueue(label: label) }

  /// Runs a job after all that were enqueued before it.
  public func enqueue(_ job: consuming ExecutorJob) {
    // The queue runs each job once, one at a time, while it holds this executor.
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
