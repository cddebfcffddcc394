import Arguments
import Diagnostics
import Service

/// The options that say how a schedule behaves.
enum ScheduleOptions {
  static let zone = OptionSpec(
    "--time-zone", value: "ZONE", help: "whose wall clock counts, such as Europe/Berlin",
    defaultText: "UTC")
  static let all = [
    zone,
    OptionSpec(
      "--jitter", value: "SECONDS", help: "delay each time by up to so much, each by its own",
      defaultText: "0"),
    OptionSpec(
      "--missed", value: "POLICY",
      help: "times at which no daemon ran: made up for once, or left out", defaultText: "run-once",
      allowed: Schedule.Missed.allCases.map(\.rawValue)),
    OptionSpec(
      "--overlap", value: "POLICY",
      help: """
        where the job of an earlier time still waits or runs: skip this time, queue behind it, or \
        replace it
        """, defaultText: "skip", allowed: Schedule.Overlap.allCases.map(\.rawValue)),
  ]
  static let name = PositionalSpec("SCHEDULE", help: "the schedule's name or number")
}

/// `schedule add NAME CRON WORD...`
enum ScheduleAddVerb: Verb {
  static let spec = CommandSpec(
    "schedule add", group: ServiceOptions.group, summary: "queue a command again and again",
    discussion: """
      CRON has five fields: minute, hour, day of the month, month, day of the week; or is @hourly,
      @daily, @weekly, @monthly or @yearly. A time of the day that the clock skips is made up for right
      after, and one that it shows twice counts once; an expression whose minute or hour begins with a
      star follows the time that passes. The daemon fires schedules; see schedule preview.
      """,
    examples: [
      CommandExample(
        "d2r-curate schedule add nightly '30 2 * * *' --time-zone Europe/Berlin -- audit release",
        "every night at half past two"),
      CommandExample(
        "d2r-curate schedule add drift '@weekly' --jitter 600 -- delta drift --population real",
        "some minutes after midnight on Sundays"),
    ],
    positionals: [
      PositionalSpec("NAME", help: "what to call it"),
      PositionalSpec("CRON", help: "when, as one word in quotes"), ServiceOptions.words,
    ],
    options: ScheduleOptions.all)

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let words = CommandWords(invocation.positionals("WORD"))
    var new = try NewSchedule(
      invocation.positional("NAME") ?? "", words.verb, words.arguments, among: JobTable.verbs,
      cron: invocation.positional("CRON") ?? "", zone: invocation.string("--time-zone") ?? "UTC",
      by: surroundings.asker)
    new.jitterSeconds = try invocation.int("--jitter", in: 0...Schedule.longestJitter) ?? 0
    new.missed = invocation.string("--missed").flatMap(Schedule.Missed.init) ?? new.missed
    new.overlap = invocation.string("--overlap").flatMap(Schedule.Overlap.init) ?? new.overlap
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would queue \(words.verb) \(new.cron.description)")
      return .clean
    }
    let store = try surroundings.serviceStore()
    try await ScheduleLines.show(try await store.add(new), of: store, surroundings.console)
    return .clean
  }
}

/// `schedule list`
enum ScheduleListVerb: Verb {
  static let spec = CommandSpec(
    "schedule list", group: ServiceOptions.group, summary: "list schedules and when they fire next",
    examples: [CommandExample("d2r-curate schedule list", "one paragraph per schedule")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let store = try surroundings.serviceStore()
    let schedules = try await store.schedules()
    if schedules.isEmpty { surroundings.console.out("no schedules") }
    var documents: [JSONValue] = []
    for schedule in schedules {
      let next = try await store.nextFiring(of: schedule)
      for line in ScheduleLines.lines(schedule, next: next) { surroundings.console.out(line) }
      documents.append(schedule.document(next: next))
    }
    surroundings.console.out(json: .array(documents))
    return .clean
  }
}

/// `schedule pause SCHEDULE`
enum SchedulePauseVerb: Verb {
  static let spec = CommandSpec(
    "schedule pause", group: ServiceOptions.group, summary: "stop a schedule for the time being",
    examples: [CommandExample("d2r-curate schedule pause nightly", "it fires no more")],
    positionals: [ScheduleOptions.name])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    try await ScheduleLines.pause(true, invocation, surroundings)
  }
}

/// `schedule resume SCHEDULE`
enum ScheduleResumeVerb: Verb {
  static let spec = CommandSpec(
    "schedule resume", group: ServiceOptions.group,
    summary: "let a paused schedule go on with its next time",
    examples: [CommandExample("d2r-curate schedule resume nightly", "it fires again")],
    positionals: [ScheduleOptions.name])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    try await ScheduleLines.pause(false, invocation, surroundings)
  }
}

/// `schedule remove SCHEDULE`
enum ScheduleRemoveVerb: Verb {
  static let spec = CommandSpec(
    "schedule remove", group: ServiceOptions.group,
    summary: "remove a schedule and its history; its jobs stay",
    examples: [CommandExample("d2r-curate schedule remove nightly", "it is gone")],
    positionals: [ScheduleOptions.name])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let store = try surroundings.serviceStore()
    let schedule = try await ScheduleLines.named(invocation, in: store)
    try await store.remove(schedule: schedule.id)
    surroundings.console.out("removed schedule \(schedule.name)")
    surroundings.console.out(json: ["removed": .int(Int(schedule.id))])
    return .clean
  }
}

/// `schedule run-now SCHEDULE`
enum ScheduleRunNowVerb: Verb {
  static let spec = CommandSpec(
    "schedule run-now", group: ServiceOptions.group,
    summary: "queue a schedule's command now, besides its times",
    examples: [CommandExample("d2r-curate schedule run-now nightly", "prints the job")],
    positionals: [ScheduleOptions.name])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let store = try surroundings.serviceStore()
    let schedule = try await ScheduleLines.named(invocation, in: store)
    JobLines.show(
      try await store.runNow(schedule: schedule.id, by: surroundings.asker), surroundings.console)
    return .clean
  }
}

/// `schedule history SCHEDULE`
enum ScheduleHistoryVerb: Verb {
  static let spec = CommandSpec(
    "schedule history", group: ServiceOptions.group,
    summary: "show what became of a schedule's times, newest first",
    examples: [CommandExample("d2r-curate schedule history nightly", "fired, or why not")],
    positionals: [ScheduleOptions.name],
    options: [OptionSpec("--limit", value: "N", help: "most times listed", defaultText: "20")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let store = try surroundings.serviceStore()
    let schedule = try await ScheduleLines.named(invocation, in: store)
    let history = try await store.history(
      ofSchedule: schedule.id, limit: try invocation.int("--limit", in: 1...10_000) ?? 20)
    if history.isEmpty { surroundings.console.out("no time has come yet") }
    for firing in history {
      let job = firing.job.map { "  job \($0)" } ?? ""
      surroundings.console.out("\(firing.dueAt.plain)  \(firing.outcome.rawValue)\(job)")
    }
    surroundings.console.out(json: .array(history.map(\.document)))
    return .clean
  }
}

/// `schedule preview CRON`
enum SchedulePreviewVerb: Verb {
  static let spec = CommandSpec(
    "schedule preview", group: ServiceOptions.group,
    summary: "say in words when an expression fires, and list its next times",
    examples: [
      CommandExample(
        "d2r-curate schedule preview '30 2 * * *' --time-zone Europe/Berlin", "the next five times")
    ],
    positionals: [PositionalSpec("CRON", help: "when, as one word in quotes")],
    options: [
      ScheduleOptions.zone,
      OptionSpec("--count", value: "N", help: "times listed", defaultText: "5"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let preview = try SchedulePreview(
      invocation.positional("CRON") ?? "", zone: invocation.string("--time-zone") ?? "UTC",
      count: try invocation.int("--count", in: 1...1000) ?? 5, after: ServiceClock.system.now())
    surroundings.console.out(preview.description)
    for line in preview.lines { surroundings.console.out("  \(line)") }
    surroundings.console.out(json: preview.document)
    return .clean
  }
}

/// How schedules are named and shown.
enum ScheduleLines {
  static func named(_ invocation: Invocation, in store: ServiceStore) async throws -> Schedule {
    try await store.schedule(named: invocation.positional("SCHEDULE") ?? "")
  }

  static func pause(
    _ isPaused: Bool, _ invocation: Invocation, _ surroundings: Surroundings
  ) async throws -> ExitCode {
    let store = try surroundings.serviceStore()
    let schedule = try await named(invocation, in: store)
    try await show(
      try await store.pause(schedule: schedule.id, isPaused), of: store, surroundings.console)
    return .clean
  }

  static func show(
    _ schedule: Schedule, of store: ServiceStore, _ console: Console
  ) async throws {
    let next = try await store.nextFiring(of: schedule)
    for line in lines(schedule, next: next) { console.out(line) }
    console.out(json: schedule.document(next: next))
  }

  static func lines(_ schedule: Schedule, next: Moment?) -> [String] {
    var lines = [
      "\(schedule.name): \(schedule.line)",
      "  \(schedule.cron.description), \(schedule.zone.name) (\(schedule.cron.text))",
    ]
    lines.append(
      schedule.isPaused ? "  paused" : next.map { "  next \($0.plain)" } ?? "  never again")
    if let last = schedule.lastAt {
      lines.append("  last \(last.plain)" + (schedule.lastState.map { ": \($0.rawValue)" } ?? ""))
    }
    return lines
  }
}
