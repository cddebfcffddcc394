internal import Diagnostics
internal import SQLite

// The queue.

extension ServiceStore {
  /// Puts a job at the end of the queue of its priority.
  public func submit(_ job: NewJob) throws -> Job {
    try database.transaction { try found(insert(job)) }
  }

  /// The jobs, newest first; without results that are long.
  /// - Parameters:
  ///   - state: nil for all.
  ///   - before: only numbers below this one.
  public func jobs(
    _ state: Job.State? = nil, before: Int64? = nil, limit: Int = 100
  ) throws -> [Job] {
    try database.rows(
      Job.briefQuery
        + " WHERE (?1 IS NULL OR j.state = ?1) AND j.id < ?2 ORDER BY j.id DESC LIMIT ?3",
      state?.rawValue, before ?? Int64.max, limit, read: Job.init(row:))
  }

  /// - Throws: `unknown`.
  public func job(_ id: Int64) throws -> Job { try found(id) }

  /// How many jobs stand where.
  public func jobCounts() throws -> [Job.State: Int] {
    let rows = try database.rows("SELECT state, count(*) FROM job GROUP BY state") {
      ($0.text(0), Int($0.integer(1)))
    }
    return Dictionary(
      rows.compactMap { name, count in Job.State(rawValue: name).map { ($0, count) } },
      uniquingKeysWith: +)
  }

  /// Ends a waiting job, or asks for the end of a running one.
  /// - Throws: `unknown`, and `wrongState` where it is over.
  public func cancel(_ id: Int64) throws -> Job {
    try database.transaction {
      let job = try found(id)
      switch job.state {
      case .queued: try endQueued(id)
      case .running:
        try database.run(
          "UPDATE job SET cancel_asked_at = coalesce(cancel_asked_at, ?) WHERE id = ?",
          now, id)
      default:
        throw ServiceError(.wrongState, "job \(id) is over: \(job.state.rawValue)")
      }
      return try found(id)
    }
  }

  /// Puts a job that failed or was cancelled back into the queue, for one more attempt at least.
  /// - Throws: `unknown`, and `wrongState` where it waits, runs or has done its work.
  public func retry(_ id: Int64) throws -> Job {
    try database.transaction {
      let job = try found(id)
      guard job.state == .failed || job.state == .cancelled else {
        throw ServiceError(
          .wrongState, "job \(id) is \(job.state.rawValue)",
          hint: "only jobs that failed or were cancelled can be tried again")
      }
      try database.run(
        """
        UPDATE job SET state = 'queued', attempts = max(attempts, attempt + 1), not_before = 0,
          cancel_asked_at = NULL, finished_at = NULL, exit_code = NULL, signal = NULL, mark = NULL,
          pid = NULL, progress = NULL, result = NULL WHERE id = ?
        """, id)
      return try found(id)
    }
  }

  // MARK: parts of transactions

  var now: Int64 { clock.now().milliseconds }

  func insert(_ job: NewJob, schedule: Job.Origin? = nil, watch: Int64? = nil) throws -> Int64 {
    try database.run(
      """
      INSERT INTO job (verb, arguments, writes, state, priority, attempts, submitted_by, schedule,
        schedule_name, watch, created_at) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)
      """, job.verb, JSONColumn.text(job.arguments), job.writes, job.priority,
      job.attempts, job.submittedBy, schedule?.id, schedule?.name, watch, now)
    return database.lastInsertedRow
  }

  func endQueued(_ id: Int64) throws {
    try database.run(
      """
      UPDATE job SET state = 'cancelled', finished_at = ?1,
        cancel_asked_at = coalesce(cancel_asked_at, ?1) WHERE id = ?2
      """, now, id)
  }

  func found(_ id: Int64) throws -> Job {
    let job = try database.first(Job.query + " WHERE j.id = ?", id, read: Job.init(row:))
    guard let job else {
      throw ServiceError(
        .unknown, "there is no job \(id)", hint: "see which are: d2r-curate jobs list")
    }
    return job
  }
}

extension Job {
  static let query = query(result: "j.result")
  static let briefQuery = query(
    result: "CASE WHEN length(j.result) <= \(longestBrief) THEN j.result END")

  private static func query(result: String) -> String {
    """
    SELECT j.id, j.verb, j.arguments, j.writes, j.state, j.priority, j.attempt, j.attempts,
      j.exit_code, j.signal, j.submitted_by, j.schedule, j.schedule_name, j.watch, j.created_at,
      j.started_at, j.finished_at, j.not_before, j.progress, j.last_words, \(result),
      j.cancel_asked_at
    FROM job AS j
    """
  }

  init(row: borrowing Statement) throws {
    id = row.integer(0)
    verb = row.text(1)
    arguments = JSONColumn.words(row.text(2))
    writes = row.integer(3) != 0
    state = State(rawValue: row.text(4)) ?? .failed
    priority = Int(row.integer(5))
    attempt = Int(row.integer(6))
    attempts = Int(row.integer(7))
    exitCode = row.optionalInteger(8).map(Int.init)
    signal = row.optionalInteger(9).map(Int.init)
    submittedBy = row.text(10)
    let name = row.text(12)
    schedule = row.optionalInteger(11).map { Origin(id: $0, name: name) }
    watch = row.optionalInteger(13)
    createdAt = Moment(milliseconds: row.integer(14))
    startedAt = row.optionalInteger(15).map(Moment.init(milliseconds:))
    finishedAt = row.optionalInteger(16).map(Moment.init(milliseconds:))
    notBefore = Moment(milliseconds: row.integer(17))
    progress = JSONColumn.value(row.optionalText(18))
    lastWords = JSONColumn.words(row.text(19))
    result = JSONColumn.value(row.optionalText(20))
    isCancelAsked = !row.isNull(21)
  }
}
