import Arguments
import Curation
import Diagnostics
import Execution
import Service

/// `jobs work`
enum JobsWorkVerb: Verb {
  static let spec = CommandSpec(
    "jobs work", group: ServiceOptions.group,
    summary: "run the queue, schedules, watches and alerts in this terminal",
    discussion: """
      The same work as the daemon's, without its page and API: until SIGINT or SIGTERM, or with
      --until-idle until no job is left. Running jobs are then asked to end and wait in the queue
      again. One process serves a workspace at a time.
      """,
    examples: [
      CommandExample("d2r-curate jobs work --until-idle", "works off the queue and ends")
    ],
    options: [
      OptionSpec(flag: "--until-idle", help: "end when no job waits or runs"),
      OptionSpec(
        "--grace", value: "SECONDS", help: "for a job to end before it is killed",
        defaultText: "20"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    Interrupts.install()
    let isPatient = !invocation.flag("--until-idle")
    var options = try surroundings.serviceOptions()
    options.grace = try invocation.double("--grace", in: 0...3600) ?? options.grace
    let work = try await ServiceWork.start(options)
    while !Interrupts.requested {
      if !isPatient, try await !work.isBusy() { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    await work.stop()
    return .clean
  }
}

extension Surroundings {
  /// What a daemon of this workspace serves, and how.
  func serviceOptions() throws -> ServiceWork.Options {
    let workspace = try workspace()
    var options = ServiceWork.Options(
      workspace: workspace.root, verbs: JobTable.verbs, environment: environment)
    options.name = workspace.settings.name
    let console = console
    options.log = { console.err("d2r-curate: \($0)") }
    return options
  }
}
