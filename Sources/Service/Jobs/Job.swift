public import Diagnostics

/// One run of one command, waiting, running or over.
public struct Job: Equatable, Sendable {
  /// Where a job stands.
  public enum State: String, CaseIterable, Sendable {
    case queued, running
    /// Exit code 0.
    case succeeded
    /// Exit code 1: done, and there is something to look at.
    case findings
    case failed, cancelled

    /// True where nothing more will happen by itself.
    public var isOver: Bool { self != .queued && self != .running }
  }

  /// A schedule by number and name.
  public struct Origin: Equatable, Sendable {
    public var id: Int64
    public var name: String
  }

  public var id: Int64
  public var verb: String
  public var arguments: [String]
  /// True where it changes the workspace.
  public var writes: Bool
  public var state: State
  /// −10 to 10; the highest runs first, then the oldest.
  public var priority: Int
  /// How often it was begun; a restart of the daemon does not count.
  public var attempt: Int
  /// How often it may be.
  public var attempts: Int
  public var exitCode: Int?
  public var signal: Int?
  public var submittedBy: String
  public var schedule: Origin?
  public var watch: Int64?
  public var createdAt: Moment
  public var startedAt: Moment?
  public var finishedAt: Moment?
  /// Not begun again before then.
  public var notBefore: Moment
  /// Stage, units done and in all; null where nothing was said.
  public var progress: JSONValue
  /// The end of what it wrote to standard error.
  public var lastWords: [String]
  /// What it printed as JSON; null where there was none, or too much.
  public var result: JSONValue
  /// True where someone asked for its end.
  public var isCancelAsked: Bool
}

/// A job to be queued.
public struct NewJob: Equatable, Sendable {
  /// Most attempts a job may have.
  public static let mostAttempts = 5
  public static let priorities = -10...10

  public let verb: String
  public let arguments: [String]
  public let writes: Bool
  public var priority: Int
  public var attempts: Int
  /// Who asks.
  public var submittedBy: String

  /// Words that were checked before.
  init(
    checked verb: String, _ arguments: [String], writes: Bool, attempts: Int, by submittedBy: String
  ) {
    self.verb = verb
    self.arguments = arguments
    self.writes = writes
    self.attempts = attempts
    self.submittedBy = submittedBy
    priority = 0
  }

  /// - Throws: `invalid` for words the verb would not understand, and numbers out of bounds.
  public init(
    _ verb: String, _ arguments: [String], among verbs: JobVerbs, priority: Int = 0,
    attempts: Int = 1, by submittedBy: String
  ) throws(ServiceError) {
    guard Self.priorities.contains(priority), (1...Self.mostAttempts).contains(attempts) else {
      throw ServiceError(
        .invalid, "a priority is -10 to 10, and attempts are 1 to \(Self.mostAttempts)")
    }
    writes = try verbs.check(verb, arguments).writes
    self.verb = verb
    self.arguments = arguments
    self.priority = priority
    self.attempts = attempts
    self.submittedBy = submittedBy
  }
}

extension Job {
  /// The job as the API and `--json` show it.
  public var document: JSONValue {
    [
      "id": .int(Int(id)), "verb": .string(verb),
      "arguments": .array(arguments.map(JSONValue.string)), "state": .string(state.rawValue),
      "priority": .int(priority), "attempt": .int(attempt), "attempts": .int(attempts),
      "exitCode": JSONValue(exitCode, JSONValue.int), "signal": JSONValue(signal, JSONValue.int),
      "by": .string(submittedBy),
      "schedule": JSONValue(schedule) { ["id": .int(Int($0.id)), "name": .string($0.name)] },
      "watch": JSONValue(watch) { .int(Int($0)) },
      "createdAt": .string(createdAt.text), "startedAt": JSONValue(startedAt) { .string($0.text) },
      "finishedAt": JSONValue(finishedAt) { .string($0.text) }, "progress": progress,
      "lastWords": .array(lastWords.map(JSONValue.string)), "result": result,
      "cancelAsked": .bool(isCancelAsked),
    ]
  }

  /// Most characters of a result in lists and events.
  static let longestBrief = 16_384

  /// The document as lists and events have it: a long result is null there.
  var brief: JSONValue {
    var job = self
    if result.compact.utf8.count > Self.longestBrief { job.result = .null }
    return job.document
  }

  /// The command line without the program, for people.
  public var line: String { ([verb] + arguments).joined(separator: " ") }
}
