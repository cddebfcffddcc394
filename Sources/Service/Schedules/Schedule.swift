public import Diagnostics

/// A command that is queued again and again.
public struct Schedule: Sendable {
  /// What becomes of times at which no daemon ran.
  public enum Missed: String, CaseIterable, Sendable {
    /// Made up for once, however many there were.
    case runOnce = "run-once"
    case skip
  }

  /// What is done when the job of an earlier time still waits or runs.
  public enum Overlap: String, CaseIterable, Sendable {
    /// The new time is left out.
    case skip
    /// The new job waits behind it.
    case queue
    /// The earlier job is cancelled.
    case replace
  }

  /// Most seconds of jitter.
  public static let longestJitter = 86_400

  public var id: Int64
  public var name: String
  public var verb: String
  public var arguments: [String]
  public var writes: Bool
  public var cron: CronExpression
  public var zone: TimeZoneFile
  /// Due times are delayed by up to so many seconds, each by its own, the same however often asked.
  public var jitterSeconds: Int
  public var missed: Missed
  public var overlap: Overlap
  public var isPaused: Bool
  /// Every due time up to here was dealt with.
  public var handledTo: Moment
  public var createdBy: String

  // MARK: from the history

  /// When it fired last.
  public var lastAt: Moment?
  /// Where the job of that time stands.
  public var lastState: Job.State?

  /// The command line without the program, for people.
  public var line: String { ([verb] + arguments).joined(separator: " ") }
}

/// A schedule to be made, or what one is to become.
public struct NewSchedule: Sendable {
  public var name: String
  public var verb: JobVerb
  public var arguments: [String]
  public var cron: CronExpression
  public var zone: TimeZoneFile
  public var jitterSeconds: Int
  public var missed: Schedule.Missed
  public var overlap: Schedule.Overlap
  public var createdBy: String

  /// - Throws: `invalid` for words that make no job, and for names, expressions or zones that are
  ///   none.
  public init(
    _ name: String, _ verb: String, _ arguments: [String], among verbs: JobVerbs, cron: String,
    zone: String, by createdBy: String
  ) throws(ServiceError) {
    self.name = try ServiceName.check(name, of: "a schedule")
    self.verb = try verbs.check(verb, arguments)
    self.arguments = arguments
    self.cron = try CronExpression(cron)
    self.zone = try TimeZoneFile(zone)
    self.createdBy = createdBy
    jitterSeconds = 0
    missed = .runOnce
    overlap = .skip
  }
}

/// What became of one due time.
public struct ScheduleFiring: Equatable, Sendable {
  /// Whether it queued a job, and if not, why.
  public enum Outcome: String, Sendable {
    case fired
    case skippedMissed = "skipped-missed"
    case skippedOverlap = "skipped-overlap"
  }

  public var dueAt: Moment
  public var firedAt: Moment?
  public var outcome: Outcome
  public var job: Int64?

  /// As the API and `--json` show it.
  public var document: JSONValue {
    [
      "dueAt": .string(dueAt.text), "firedAt": JSONValue(firedAt) { .string($0.text) },
      "outcome": .string(outcome.rawValue), "job": JSONValue(job) { .int(Int($0)) },
    ]
  }
}

/// Names people give to schedules and alerts.
enum ServiceName {
  /// - Throws: `invalid` for a name that is empty, long, or has control characters.
  static func check(_ name: String, of what: String) throws(ServiceError) -> String {
    let isPlain = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard isPlain, (1...80).contains(name.count), name.utf8.count <= 240,
      name.contains(where: { !$0.isWhitespace }), Int(name) == nil
    else {
      throw ServiceError(
        .invalid, "the name of \(what) is 1 to 80 characters, on one line, and not a number")
    }
    return name
  }
}
