import Arguments
import Curation
import Diagnostics
import Domain
import Files
import Service

/// What the verbs of the daemon share.
enum ServiceOptions {
  static let group = "Serve"
  static let words = PositionalSpec(
    "WORD", help: "the command and its arguments; after -- where they have options",
    arity: .variadic(atLeastOne: true))
  static let attempts = OptionSpec(
    "--attempts", value: "N", help: "begin it at most so often where it fails, 1 to 5",
    defaultText: "1")
  static let priority = OptionSpec(
    "--priority", value: "N", help: "-10 to 10; the highest runs first", defaultText: "0")
}

/// A command given as words: which of them are its name, and which its arguments.
struct CommandWords {
  let verb: String
  let arguments: [String]

  init(_ words: [String]) {
    let two = words.prefix(2).joined(separator: " ")
    let names = JobTable.writers + JobTable.readers
    let count = names.contains(two) ? 2 : 1
    verb = words.prefix(count).joined(separator: " ")
    arguments = Array(words.dropFirst(count))
  }
}

extension Surroundings {
  /// The daemon's store of the workspace; made where there is none.
  func serviceStore() throws -> ServiceStore { try ServiceStore(workspace: workspace().root) }

  /// Who asks, for the queue: the user of the machine.
  var asker: String {
    let user = environment["USER"] ?? ""
    return user.isEmpty ? "person" : user
  }
}

/// `jobs submit WORD...`
enum JobsSubmitVerb: Verb {
  static let spec = CommandSpec(
    "jobs submit", group: ServiceOptions.group, summary: "queue a command for the daemon",
    discussion: """
      The daemon runs queued commands one after the other, as child processes of its own; without one
      they wait. Commands that only read may run beside one that writes nothing. The words are
      checked now. Possible are: \((JobTable.writers + JobTable.readers).joined(separator: ", ")).
      """,
    examples: [
      CommandExample("d2r-curate jobs submit audit release", "prints the job's number"),
      CommandExample("d2r-curate jobs submit --priority 5 -- dedup --apply", "runs before others"),
    ],
    positionals: [ServiceOptions.words],
    options: [ServiceOptions.priority, ServiceOptions.attempts])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let words = CommandWords(invocation.positionals("WORD"))
    let job = try NewJob(
      words.verb, words.arguments, among: JobTable.verbs,
      priority: try invocation.int("--priority", in: NewJob.priorities) ?? 0,
      attempts: try invocation.int("--attempts", in: 1...NewJob.mostAttempts) ?? 1,
      by: surroundings.asker)
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would queue: \(words.verb)")
      return .clean
    }
    JobLines.show(try await surroundings.serviceStore().submit(job), surroundings.console)
    return .clean
  }
}

/// `jobs list`
enum JobsListVerb: Verb {
  static let spec = CommandSpec(
    "jobs list", group: ServiceOptions.group, summary: "list the daemon's jobs, newest first",
    examples: [CommandExample("d2r-curate jobs list --state failed", "one line per failed job")],
    options: [
      OptionSpec(
        "--state", value: "S", help: "only jobs in this state", defaultText: "all",
        allowed: Job.State.allCases.map(\.rawValue)),
      OptionSpec("--limit", value: "N", help: "most jobs listed", defaultText: "100"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let state = invocation.string("--state").flatMap(Job.State.init)
    let limit = try invocation.int("--limit", in: 1...1000) ?? 100
    let jobs = try await surroundings.serviceStore().jobs(state, limit: limit)
    if jobs.isEmpty { surroundings.console.out("no jobs") }
    for job in jobs { surroundings.console.out(JobLines.line(job)) }
    surroundings.console.out(json: .array(jobs.map(\.document)))
    return .clean
  }
}

/// `jobs show JOB`
enum JobsShowVerb: Verb {
  static let spec = CommandSpec(
    "jobs show", group: ServiceOptions.group, summary: "show one job, its progress and last words",
    examples: [CommandExample("d2r-curate jobs show 12 --json", "with what it printed")],
    positionals: [JobLines.number])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    JobLines.show(
      try await surroundings.serviceStore().job(try JobLines.number(invocation)),
      surroundings.console)
    return .clean
  }
}

/// `jobs cancel JOB`
enum JobsCancelVerb: Verb {
  static let spec = CommandSpec(
    "jobs cancel", group: ServiceOptions.group, summary: "take a job out of the queue, or end it",
    discussion: """
      A running job is asked to end (SIGTERM) and commits what is whole; after a grace period it is
      killed with everything it started. The daemon does so within a second.
      """,
    examples: [CommandExample("d2r-curate jobs cancel 12", "job 12 ends")],
    positionals: [JobLines.number])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    JobLines.show(
      try await surroundings.serviceStore().cancel(try JobLines.number(invocation)),
      surroundings.console)
    return .clean
  }
}

/// `jobs retry JOB`
enum JobsRetryVerb: Verb {
  static let spec = CommandSpec(
    "jobs retry", group: ServiceOptions.group,
    summary: "queue a job again that failed or was cancelled",
    examples: [CommandExample("d2r-curate jobs retry 12", "job 12 waits again")],
    positionals: [JobLines.number])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    JobLines.show(
      try await surroundings.serviceStore().retry(try JobLines.number(invocation)),
      surroundings.console)
    return .clean
  }
}

/// How jobs are named and shown.
enum JobLines {
  static let number = PositionalSpec("JOB", help: "the job's number")

  static func number(_ invocation: Invocation) throws -> Int64 {
    let word = invocation.positional("JOB") ?? ""
    guard let number = Int64(word), number > 0 else {
      throw invocation.usageError("JOB is a job's number, not '\(word)'")
    }
    return number
  }

  static func line(_ job: Job) -> String {
    var parts = ["\(job.id)", job.state.rawValue, job.line]
    if let done = job.progress["done"]?.intValue, job.state == .running {
      let total = (job.progress["total"]?.intValue).map { "/" + HumanNumbers.count($0) } ?? ""
      parts.append(
        "\(job.progress["stage"]?.stringValue ?? ""): \(HumanNumbers.count(done))\(total)")
    }
    if let schedule = job.schedule { parts.append("by schedule \(schedule.name)") }
    return parts.joined(separator: "  ")
  }

  static func show(_ job: Job, _ console: Console) {
    console.out(line(job))
    console.out("  submitted \(job.createdAt.plain) by \(job.submittedBy)")
    if let started = job.startedAt {
      console.out("  attempt \(job.attempt) of \(job.attempts) began \(started.plain)")
    }
    if let finished = job.finishedAt { console.out("  ended \(finished.plain)") }
    if let code = job.exitCode { console.out("  exit code \(code)") }
    if let signal = job.signal { console.out("  ended by signal \(signal)") }
    for line in job.lastWords { console.out("  | \(line)") }
    console.out(json: job.document)
  }
}
