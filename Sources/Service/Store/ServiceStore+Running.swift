internal import Cryptography
internal import Diagnostics
internal import Glibc
internal import SQLite

// From the queue to the end of a job; for the one daemon that serves the workspace.

/// How a job's child ended.
struct JobOutcome: Equatable, Sendable {
  var exitCode: Int?
  var signal: Int?
  var lastWords: [String] = []
  var result: JSONValue = .null
  /// The daemon itself was stopping and had asked for the end.
  var isStopping = false
  /// Trying again cannot help: the program was not there, or did not understand its words.
  var isHopeless = false
}

extension ServiceStore {
  /// Seconds before the second attempt; each further one waits twice as long.
  static let firstPause = 5.0
  static let longestPause = 600.0

  /// Takes the next job that may begin, and notes that it runs. Its child carries the mark.
  /// - Parameters:
  ///   - writers, readers: whether a job that writes, or one that does not, may begin.
  func claim(writers: Bool, readers: Bool) throws -> (job: Job, mark: String)? {
    try database.transaction {
      let next = try database.first(
        """
        SELECT id FROM job WHERE state = 'queued' AND not_before <= ? AND
          ((writes = 1 AND ?) OR (writes = 0 AND ?))
        ORDER BY priority DESC, id LIMIT 1
        """, now, writers, readers
      ) { $0.integer(0) }
      guard let next else { return nil }
      let mark = "\(next)-\(Hex.string(RandomBytes.next(8)))"
      try database.run(
        """
        UPDATE job SET state = 'running', attempt = attempt + 1, mark = ?, pid = NULL,
          started_at = ?, finished_at = NULL, exit_code = NULL, signal = NULL, progress = NULL
        WHERE id = ?
        """, mark, now, next)
      return (try found(next), mark)
    }
  }

  /// When a job that waits for its next attempt may begin; nil where none waits.
  func nextAttempt() throws -> Moment? {
    try database.first(
      "SELECT min(not_before) FROM job WHERE state = 'queued' AND not_before > ?", now
    ) { $0.optionalInteger(0).map(Moment.init(milliseconds:)) } ?? nil
  }

  func note(pid: Int32, of id: Int64) throws {
    try database.run("UPDATE job SET pid = ? WHERE id = ?", Int(pid), id)
  }

  func note(progress: JSONValue, of id: Int64) throws {
    try database.run(
      "UPDATE job SET progress = ? WHERE id = ? AND state = 'running'", progress.compact, id)
  }

  /// Numbers of running jobs whose end was asked for.
  func cancelled() throws -> [Int64] {
    try database.rows(
      "SELECT id FROM job WHERE state = 'running' AND cancel_asked_at IS NOT NULL ORDER BY id"
    ) { $0.integer(0) }
  }

  /// Notes how a job's child ended: the job is over, or waits for its next attempt. What follows
  /// from that is decided in the same transaction.
  func finish(
    _ id: Int64, _ outcome: JobOutcome, _ consequences: Consequences = Consequences()
  ) throws -> Job {
    try database.transaction {
      let job = try found(id)
      let state = Self.state(of: job, after: outcome)
      guard state != .queued || !outcome.isStopping else {
        try putBack(id, outcome.lastWords)
        return try found(id)
      }
      let pause = min(Self.firstPause * exp2(Double(job.attempt - 1)), Self.longestPause)
      try database.run(
        """
        UPDATE job SET state = ?, exit_code = ?, signal = ?, finished_at = ?, not_before = ?,
          last_words = ?, result = ?, mark = NULL, pid = NULL WHERE id = ?
        """, state.rawValue, outcome.exitCode, outcome.signal, now,
        state == .queued ? (clock.now() + pause).milliseconds : 0,
        JSONColumn.text(outcome.lastWords),
        outcome.result.isNull ? nil : outcome.result.compact, id)
      let after = try found(id)
      try follow(after, consequences)
      return after
    }
  }

  /// Marks of the children of a daemon that is gone, and their groups.
  func leftovers() throws -> [(mark: String, pid: Int32?)] {
    try database.rows("SELECT mark, pid FROM job WHERE state = 'running' AND mark IS NOT NULL") {
      (mark: $0.text(0), pid: $0.optionalInteger(1).map(Int32.init))
    }
  }

  /// Puts every job that was running back to its old place in the queue, as if it had not begun.
  /// - Returns: how many.
  func recover() throws -> Int {
    try database.transaction {
      let running = try database.rows(
        "SELECT id, cancel_asked_at IS NOT NULL FROM job WHERE state = 'running' ORDER BY id"
      ) { ($0.integer(0), $0.integer(1) != 0) }
      for (id, isCancelled) in running {
        try putBack(id, nil)
        if isCancelled { try endQueued(id) }
      }
      return running.count
    }
  }

  private func putBack(_ id: Int64, _ words: [String]?) throws {
    try database.run(
      """
      UPDATE job SET state = 'queued', attempt = attempt - 1, mark = NULL, pid = NULL,
        started_at = NULL, progress = NULL, last_words = coalesce(?, last_words) WHERE id = ?
      """, words.map(JSONColumn.text), id)
  }

  private static func state(of job: Job, after outcome: JobOutcome) -> Job.State {
    switch outcome.exitCode {
    case 0: return .succeeded
    case 1: return .findings
    default: break
    }
    if job.isCancelAsked { return .cancelled }
    if outcome.isStopping { return .queued }
    return job.attempt < job.attempts && !outcome.isHopeless ? .queued : .failed
  }
}
