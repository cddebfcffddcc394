internal import Diagnostics
internal import Execution

/// Runs the jobs of one workspace: one that writes at a time, and a few that only read beside it,
/// each a child process in a group of its own.
actor JobRunner {
  /// How jobs are run.
  struct Rules: Sendable {
    /// Jobs that only read, at once.
    var readers = 2
    /// Seconds between SIGTERM and SIGKILL.
    var grace = 20.0
    /// Seconds between two records of a job's progress in the store; listeners hear all of it.
    var recordPause = 1.0
  }

  /// What is known of a running job beside the store.
  private struct Running {
    var job: Job
    var words = JobWords()
    var progress: JSONValue = .null
    var isProgressNew = false
    var recordedAt: Moment?
    var isStopAsked = false
  }

  private let store: ServiceStore
  private let events: ServiceEvents
  private let launch: JobLaunch
  private let rules: Rules
  private let log: @Sendable (String) -> Void
  /// What follows from a job's end beside its own state.
  private let consequences: @Sendable (Job, JobOutcome) async -> Consequences
  private let supervisor: ChildSupervisor
  private var running: [Int64: Running] = [:]
  private var isStopping = false
  private var isPumping = false
  private var isPumpWanted = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  init(
    store: ServiceStore, events: ServiceEvents, launch: JobLaunch, rules: Rules,
    log: @escaping @Sendable (String) -> Void,
    consequences: @escaping @Sendable (Job, JobOutcome) async -> Consequences
  ) throws {
    self.store = store
    self.events = events
    self.launch = launch
    self.rules = rules
    self.log = log
    self.consequences = consequences
    let (stream, desk) = AsyncStream.makeStream(of: ChildSupervisor.Event.self)
    supervisor = try ChildSupervisor { desk.yield($0) }
    Task { [weak self] in
      for await event in stream {
        guard let self else { return }
        await self.take(event)
      }
    }
  }

  /// Begins what may begin, asks for the end of what was cancelled, and records progress.
  func tick() async {
    do {
      for id in try await store.cancelled() { askToStop(id) }
      for (id, job) in running where job.isProgressNew { try await record(id, job) }
    } catch {
      log("the queue cannot be read: \(explained(error))")
    }
    await pump()
  }

  /// Numbers of running jobs.
  var current: [Int64] { running.keys.sorted() }

  /// Begins nothing more, asks what runs to end, and returns when it has; those jobs wait in the
  /// queue again.
  func stop() async {
    isStopping = true
    for id in running.keys { askToStop(id) }
    if !running.isEmpty || isPumping { await withCheckedContinuation { waiters.append($0) } }
    let supervisor = supervisor
    await withCheckedContinuation { done in
      let closes = LongThread.start {
        supervisor.close()
        done.resume()
      }
      if !closes { done.resume() }
    }
  }

  // MARK: beginning

  private func pump() async {
    isPumpWanted = true
    guard !isPumping else { return }
    isPumping = true
    while isPumpWanted, !isStopping {
      isPumpWanted = false
      while !isStopping, await beginNext() {}
    }
    isPumping = false
    if isStopping { wakeWaiters() }
  }

  private func beginNext() async -> Bool {
    let readers = running.values.count { !$0.job.writes }
    let mayWrite = readers == running.count
    let mayRead = readers < rules.readers
    guard mayWrite || mayRead else { return false }
    do {
      guard let (job, mark) = try await store.claim(writers: mayWrite, readers: mayRead) else {
        return false
      }
      running[job.id] = Running(job: job)
      supervisor.start(job.id, launch.program(for: job, mark: mark))
      if isStopping { askToStop(job.id) }
      events.publish("job", job.document)
      return true
    } catch {
      log("no job can be begun: \(explained(error))")
      return false
    }
  }

  private func askToStop(_ id: Int64) {
    // A second SIGTERM would tell the child not to end in order.
    guard running[id]?.isStopAsked == false else { return }
    running[id]?.isStopAsked = true
    supervisor.stop(id, grace: rules.grace)
  }

  // MARK: hearing

  private func take(_ event: ChildSupervisor.Event) async {
    switch event {
    case .started(let id, let pid):
      try? await store.note(pid: pid, of: id)
    case .line(let id, let line):
      hear(line, from: id)
    case .refused(let id, let error):
      running[id]?.words.add(error.message)
      var outcome = JobOutcome()
      outcome.isHopeless = true
      await finish(id, outcome)
    case .ended(let id, let ending):
      await finish(id, outcome(ending, of: id))
    }
  }

  private func hear(_ line: String, from id: Int64) {
    guard let progress = JobWords.progress(in: line) else {
      running[id]?.words.add(home.left(outOf: line))
      return
    }
    running[id]?.progress = progress
    running[id]?.isProgressNew = true
    events.publish("progress", ["id": .int(Int(id)), "progress": progress])
  }

  private func record(_ id: Int64, _ job: Running) async throws {
    let now = store.clock.now()
    if let before = job.recordedAt, abs(now - before) < rules.recordPause { return }
    running[id]?.recordedAt = now
    running[id]?.isProgressNew = false
    try await store.note(progress: job.progress, of: id)
  }

  /// Left out of what jobs say.
  private var home: HomePath { HomePath(root: launch.workspace) }

  // MARK: ending

  private func outcome(_ ending: ChildEnding, of id: Int64) -> JobOutcome {
    var outcome = JobOutcome()
    outcome.exitCode = ending.exitCode.map(Int.init)
    outcome.signal = ending.signal.map(Int.init)
    outcome.isStopping = isStopping
    outcome.isHopeless = ending.exitCode == 64
    if ending.isWhole {
      outcome.result = home.left(outOf: (try? JSONValue(parsing: ending.output)) ?? .null)
    } else {
      running[id]?.words.add("the result is too large and was left out")
    }
    if let signal = ending.signal { running[id]?.words.add("ended by signal \(signal)") }
    return outcome
  }

  private func finish(_ id: Int64, _ outcome: JobOutcome) async {
    guard let entry = running[id] else { return }
    var outcome = outcome
    outcome.lastWords = entry.words.lines
    let consequences = await consequences(entry.job, outcome)
    do {
      let job = try await store.finish(id, outcome, consequences)
      events.publish("job", job.document)
    } catch {
      // The store still holds it as running; the next start of the daemon puts it back.
      log("the end of job \(id) cannot be recorded: \(explained(error))")
    }
    running[id] = nil
    if isStopping { wakeWaiters() } else { await pump() }
  }

  private func wakeWaiters() {
    guard running.isEmpty, !isPumping else { return }
    for waiter in waiters { waiter.resume() }
    waiters = []
  }
}
