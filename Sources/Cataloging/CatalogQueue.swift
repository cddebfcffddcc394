internal import Dispatch

/// The catalog's own thread of work: SQLite blocks, and the shared pool must not wait for it.
final class CatalogQueue: SerialExecutor {
  private let queue = DispatchQueue(label: "d2r-curate.catalog")

  func enqueue(_ job: consuming ExecutorJob) {
    // The queue runs each job once, one at a time, while it holds this executor.
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
