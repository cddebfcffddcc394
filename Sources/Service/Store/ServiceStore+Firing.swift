internal import Cryptography
internal import SQLite

// When schedules fire.

extension ServiceStore {
  /// A time that is later than this was missed: no daemon ran, or the machine slept.
  static let tolerance = 60.0
  /// A clock set back by more than this was wrong before; times are counted from now on again, and
  /// those that fired already do not fire twice.
  static let longestStep = 3 * 3600.0
  /// Missed times that the history lists, of one stretch.
  static let listedMissed = 20

  /// Fires every schedule whose time has come, each in one transaction with the job it queues.
  /// - Returns: what became of which time, in the order of the schedules' names.
  public func fireDue() throws -> [(schedule: Schedule, firing: ScheduleFiring)] {
    let moment = clock.now()
    var done: [(schedule: Schedule, firing: ScheduleFiring)] = []
    for id in try dueSchedules(at: moment) {
      done += try database.transaction { try fire(schedule(id), at: moment) }
    }
    return done
  }

  /// When a schedule fires next, jitter included; nil where it is paused.
  public func nextFiring(of schedule: Schedule) throws -> Moment? {
    guard !schedule.isPaused else { return nil }
    let facts =
      "\(schedule.cron.text)|\(schedule.zone.name)|\(schedule.jitterSeconds)|"
      + "\(start(schedule, clock.now()).milliseconds)"
    if let known = nextFirings[schedule.id], known.of == facts { return known.at }
    let due = schedule.cron.next(after: start(schedule, clock.now()), in: schedule.zone)
    let next = try due.map { $0 + (try delay(of: $0, schedule)) }
    nextFirings[schedule.id] = (facts, next)
    return next
  }

  /// When any schedule fires next.
  func nextFiring() throws -> Moment? {
    try schedules().compactMap { try nextFiring(of: $0) }.min()
  }

  private func dueSchedules(at moment: Moment) throws -> [Int64] {
    try schedules().filter { schedule in
      guard let next = try nextFiring(of: schedule) else { return false }
      return next <= moment
    }.map(\.id)
  }

  /// From where on times are due.
  private func start(_ schedule: Schedule, _ moment: Moment) -> Moment {
    schedule.handledTo - moment > Self.longestStep ? moment : schedule.handledTo
  }

  private func fire(
    _ schedule: Schedule, at moment: Moment
  ) throws -> [(schedule: Schedule, firing: ScheduleFiring)] {
    let ready = try readyTimes(of: schedule, at: moment)
    guard let last = ready.last, !schedule.isPaused else { return [] }
    let isLate = moment - (last + (try delay(of: last, schedule))) > Self.tolerance
    let isFiring = !isLate || schedule.missed == .runOnce
    var done: [ScheduleFiring] = []
    for missed in (isFiring ? ready.dropLast() : ready[...]).suffix(Self.listedMissed) {
      let firing = ScheduleFiring(
        dueAt: missed, firedAt: nil, outcome: .skippedMissed, job: nil)
      if try note(firing, of: schedule.id) { done.append(firing) }
    }
    if isFiring, try isNew(last, schedule) {
      done.append(try queue(schedule, due: last, at: moment))
    }
    try database.run(
      "UPDATE schedule SET handled_to = ? WHERE id = ?", last.milliseconds, schedule.id)
    return done.map { (schedule, $0) }
  }

  private func isNew(_ due: Moment, _ schedule: Schedule) throws -> Bool {
    try database.first(
      "SELECT 1 FROM schedule_firing WHERE schedule = ? AND due_at = ?", schedule.id,
      due.milliseconds
    ) { _ in true } == nil
  }

  private func queue(
    _ schedule: Schedule, due: Moment, at moment: Moment
  ) throws -> ScheduleFiring {
    var firing = ScheduleFiring(dueAt: due, firedAt: moment, outcome: .fired, job: nil)
    let active = try database.rows(
      "SELECT id, state FROM job WHERE schedule = ? AND state IN ('queued', 'running') ORDER BY id",
      schedule.id
    ) { (id: $0.integer(0), isRunning: $0.text(1) == Job.State.running.rawValue) }
    if !active.isEmpty, schedule.overlap == .skip {
      firing.outcome = .skippedOverlap
      firing.firedAt = nil
    } else {
      if schedule.overlap == .replace {
        for job in active { try end(job.id, isRunning: job.isRunning) }
      }
      firing.job = try insert(schedule.job, schedule: schedule.origin)
    }
    try note(firing, of: schedule.id)
    return firing
  }

  private func end(_ job: Int64, isRunning: Bool) throws {
    guard isRunning else { return try endQueued(job) }
    try database.run(
      "UPDATE job SET cancel_asked_at = coalesce(cancel_asked_at, ?) WHERE id = ?", now, job)
  }

  /// The times that have come, ascending; of very many, the last ones.
  private func readyTimes(of schedule: Schedule, at moment: Moment) throws -> [Moment] {
    let start = start(schedule, moment)
    var (times, isAll) = schedule.cron.times(after: start, through: moment, in: schedule.zone)
    if !isAll {
      for hours in [1, 24, 24 * 32, 24 * 400] as [Double] {
        let near = schedule.cron.times(
          after: max(start, moment + (-3600 * hours)), through: moment, in: schedule.zone
        ).moments
        if !near.isEmpty {
          times = near
          break
        }
      }
    }
    // A time whose jitter has not passed holds back those after it.
    var ready: [Moment] = []
    for time in times {
      guard time + (try delay(of: time, schedule)) <= moment else { break }
      ready.append(time)
    }
    return ready
  }

  /// Seconds of jitter of one time of one schedule: the same however often asked, and not to be
  /// guessed from outside.
  private func delay(of due: Moment, _ schedule: Schedule) throws -> Double {
    guard schedule.jitterSeconds > 0 else { return 0 }
    let key = SecretBytes(try jitterKey())
    let digest = KeyedHash.digest(
      of: "jitter \(schedule.id) \(due.milliseconds)", key: key, count: 16)
    let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Double(number % UInt64(schedule.jitterSeconds * 1000 + 1)) / 1000
  }

  private func jitterKey() throws -> [UInt8] {
    if let key = knownJitterKey { return key }
    let known = try database.first("SELECT value FROM setting WHERE name = 'jitter'") { $0.blob(0) }
    let key = known ?? RandomBytes.next(32)
    if known == nil {
      // Another process may have made one meanwhile.
      try database.run("INSERT INTO setting VALUES ('jitter', ?) ON CONFLICT DO NOTHING", key)
      knownJitterKey =
        try database.first("SELECT value FROM setting WHERE name = 'jitter'") { $0.blob(0) }
    } else {
      knownJitterKey = key
    }
    return knownJitterKey ?? key
  }
}
