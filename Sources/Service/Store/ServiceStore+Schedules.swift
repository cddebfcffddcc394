internal import SQLite

// Schedules as people make, change and read them.

extension ServiceStore {
  /// Makes a schedule; its first time is after now.
  /// - Throws: `ServiceError` with code `taken` where the name is in use.
  public func add(_ new: NewSchedule) throws -> Schedule {
    try database.transaction {
      try isFree(new.name, except: nil)
      try database.run(
        """
        INSERT INTO schedule (name, verb, arguments, writes, cron, time_zone, jitter_seconds, missed,
          overlap, handled_to, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, new.name, new.verb.name, JSONColumn.text(new.arguments), new.verb.writes,
        new.cron.text, new.zone.name, try jitter(new.jitterSeconds), new.missed.rawValue,
        new.overlap.rawValue, now, new.createdBy, now)
      return try schedule(database.lastInsertedRow)
    }
  }

  /// Gives a schedule other words. Where the times change, they begin after now.
  public func change(_ id: Int64, to new: NewSchedule) throws -> Schedule {
    try database.transaction {
      let old = try schedule(id)
      try isFree(new.name, except: id)
      let isSame = old.cron == new.cron && old.zone.name == new.zone.name
      try database.run(
        """
        UPDATE schedule SET name = ?, verb = ?, arguments = ?, writes = ?, cron = ?, time_zone = ?,
          jitter_seconds = ?, missed = ?, overlap = ?, handled_to = ? WHERE id = ?
        """, new.name, new.verb.name, JSONColumn.text(new.arguments), new.verb.writes,
        new.cron.text, new.zone.name, try jitter(new.jitterSeconds), new.missed.rawValue,
        new.overlap.rawValue, isSame ? old.handledTo.milliseconds : now, id)
      return try schedule(id)
    }
  }

  /// Every schedule, by name.
  public func schedules() throws -> [Schedule] {
    try database.rows(Schedule.query + " ORDER BY s.name", read: Schedule.init(row:))
  }

  /// - Throws: `unknown`.
  public func schedule(_ id: Int64) throws -> Schedule {
    let found = try database.first(
      Schedule.query + " WHERE s.id = ?", id, read: Schedule.init(row:))
    guard let found else { throw unknownSchedule("\(id)") }
    return found
  }

  /// The schedule of this name, or of this number.
  public func schedule(named word: String) throws -> Schedule {
    if let number = Int64(word) { return try schedule(number) }
    let found = try database.first(
      Schedule.query + " WHERE s.name = ?", word, read: Schedule.init(row:))
    guard let found else { throw unknownSchedule(word) }
    return found
  }

  /// Stops a schedule, or lets it go on with the times after now.
  public func pause(schedule id: Int64, _ isPaused: Bool) throws -> Schedule {
    try database.transaction {
      let old = try schedule(id)
      guard old.isPaused != isPaused else { return old }
      try database.run(
        "UPDATE schedule SET paused = ?, handled_to = max(handled_to, ?) WHERE id = ?", isPaused,
        isPaused ? 0 : now, id)
      return try schedule(id)
    }
  }

  /// Removes a schedule with its history; its jobs stay.
  public func remove(schedule id: Int64) throws {
    try database.transaction {
      _ = try schedule(id)
      try database.run("DELETE FROM schedule WHERE id = ?", id)
    }
  }

  /// Queues the schedule's job now, whatever its times say.
  public func runNow(schedule id: Int64, by person: String) throws -> Job {
    try database.transaction {
      let schedule = try schedule(id)
      var new = schedule.job
      new.submittedBy = person
      let job = try insert(new, schedule: schedule.origin)
      try note(
        ScheduleFiring(dueAt: clock.now(), firedAt: clock.now(), outcome: .fired, job: job), of: id)
      return try found(job)
    }
  }

  /// What became of the schedule's times, newest first.
  public func history(
    ofSchedule id: Int64, before: Moment? = nil, limit: Int = 100
  ) throws -> [ScheduleFiring] {
    _ = try schedule(id)
    return try database.rows(
      """
      SELECT due_at, fired_at, outcome, job FROM schedule_firing
      WHERE schedule = ? AND due_at < ? ORDER BY due_at DESC LIMIT ?
      """, id, before?.milliseconds ?? Int64.max, limit
    ) { row in
      ScheduleFiring(
        dueAt: Moment(milliseconds: row.integer(0)),
        firedAt: row.optionalInteger(1).map(Moment.init(milliseconds:)),
        outcome: ScheduleFiring.Outcome(rawValue: row.text(2)) ?? .fired,
        job: row.optionalInteger(3))
    }
  }

  // MARK: parts

  private func isFree(_ name: String, except id: Int64?) throws {
    let owner = try database.first("SELECT id FROM schedule WHERE name = ?", name) {
      $0.integer(0)
    }
    if let owner, owner != id {
      throw ServiceError(
        .taken, "there is a schedule '\(name)' already", hint: "choose another name")
    }
  }

  private func jitter(_ seconds: Int) throws(ServiceError) -> Int {
    guard (0...Schedule.longestJitter).contains(seconds) else {
      throw ServiceError(.invalid, "jitter is 0 to \(Schedule.longestJitter) seconds")
    }
    return seconds
  }

  private func unknownSchedule(_ word: String) -> ServiceError {
    ServiceError(
      .unknown, "there is no schedule '\(word.prefix(80))'",
      hint: "see which are: d2r-curate schedule list")
  }

  /// What became of a time is said once.
  @discardableResult
  func note(_ firing: ScheduleFiring, of schedule: Int64) throws -> Bool {
    try database.run(
      "INSERT INTO schedule_firing VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", schedule,
      firing.dueAt.milliseconds, firing.firedAt?.milliseconds, firing.outcome.rawValue,
      firing.job) > 0
  }
}

extension Schedule {
  /// Attempts of a job that a schedule queues.
  static let attempts = 2

  var origin: Job.Origin { Job.Origin(id: id, name: name) }

  var job: NewJob {
    NewJob(checked: verb, arguments, writes: writes, attempts: Self.attempts, by: createdBy)
  }

  static let query = """
    SELECT s.id, s.name, s.verb, s.arguments, s.writes, s.cron, s.time_zone, s.jitter_seconds,
      s.missed, s.overlap, s.paused, s.handled_to, s.created_by,
      (SELECT max(fired_at) FROM schedule_firing WHERE schedule = s.id),
      (SELECT state FROM job WHERE schedule = s.id ORDER BY id DESC LIMIT 1)
    FROM schedule AS s
    """

  init(row: borrowing Statement) throws {
    id = row.integer(0)
    name = row.text(1)
    verb = row.text(2)
    arguments = JSONColumn.words(row.text(3))
    writes = row.integer(4) != 0
    cron = try CronExpression(row.text(5))
    zone = try TimeZoneFile.named(row.text(6))
    jitterSeconds = Int(row.integer(7))
    missed = Missed(rawValue: row.text(8)) ?? .skip
    overlap = Overlap(rawValue: row.text(9)) ?? .skip
    isPaused = row.integer(10) != 0
    handledTo = Moment(milliseconds: row.integer(11))
    createdBy = row.text(12)
    lastAt = row.optionalInteger(13).map(Moment.init(milliseconds:))
    lastState = Job.State(rawValue: row.text(14))
  }
}
