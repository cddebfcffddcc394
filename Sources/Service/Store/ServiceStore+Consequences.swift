internal import Diagnostics
internal import SQLite

extension ServiceStore {
  /// Queues what follows from a job's end; part of its transaction.
  func follow(_ job: Job, _ consequences: Consequences) throws {
    guard job.state.isOver else { return }
    try raise(job, consequences)
    if let watch = job.watch {
      for gate in consequences.gates { _ = try insert(gate, watch: watch) }
    }
  }
}
