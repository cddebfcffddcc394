internal import SQLite

// What is over, and for how long it is kept.

extension ServiceStore {
  /// Forgets what is over for more than so many days: jobs with their results, what became of the
  /// due times of schedules, and messages that were delivered or given up. Each schedule and watch
  /// keeps its last job.
  /// - Returns: how many jobs.
  public func purgeHistory(olderThanDays days: Int) throws -> Int {
    let before = (clock.now() + -86_400 * Double(days)).milliseconds
    return try database.transaction {
      try database.run("DELETE FROM schedule_firing WHERE due_at < ?", before)
      try database.run(
        "DELETE FROM alert_delivery WHERE state <> 'waiting' AND created_at < ?", before)
      return try database.run(
        """
        DELETE FROM job WHERE finished_at < ?1 AND state NOT IN ('queued', 'running')
          AND id NOT IN (SELECT max(id) FROM job WHERE schedule IS NOT NULL GROUP BY schedule)
          AND id NOT IN (SELECT max(id) FROM job WHERE watch IS NOT NULL GROUP BY watch)
        """, before)
    }
  }
}
