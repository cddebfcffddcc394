internal import Files
internal import SQLite

/// How the service of a workspace stands, whether or not a daemon runs.
public struct ServiceStatus: Sendable {
  /// A process runs the queue and fires schedules.
  public var isServed: Bool
  /// Nil where nothing serves the workspace, or `jobs work` does.
  public var presence: Presence?
  public var jobs: [Job.State: Int]
  /// The next time of each schedule that is not paused; nil where none comes.
  public var next: [(schedule: Schedule, at: Moment?)]
  public var watches: [Watch]
  /// Messages by `waiting`, `delivered` and `given-up`.
  public var messages: [String: Int]
}

extension ServiceStore {
  /// How everything stands now.
  public func status() throws -> ServiceStatus {
    let isServed = try FileLock.isHeld(lockPath)
    let messages = try database.rows(
      "SELECT state, count(*) FROM alert_delivery GROUP BY state"
    ) { ($0.text(0), Int($0.integer(1))) }
    return ServiceStatus(
      isServed: isServed,
      // A daemon that was killed has left its words behind.
      presence: isServed ? try presence() : nil,
      jobs: try jobCounts(),
      next: try schedules().filter { !$0.isPaused }.map { ($0, try nextFiring(of: $0)) },
      watches: try watches(), messages: Dictionary(messages, uniquingKeysWith: +))
  }

  /// Held by the one process that serves the workspace.
  nonisolated var lockPath: String { Paths.join(folder, "daemon.lock") }
}
