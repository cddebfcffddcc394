internal import Diagnostics
internal import Execution
internal import Files
internal import Synchronization

/// Everything the daemon does by itself, without being asked over HTTP: it runs the queue, fires
/// schedules, looks into watched folders and sends alerts, for one workspace, until it is stopped.
///
/// One process at a time may do so for a workspace. Whatever is under way is in the store: a new
/// start goes on where the last one was, whether it was stopped or killed.
public final class ServiceWork: Sendable {
  /// What to serve, and how.
  public struct Options: Sendable {
    /// The folder of the workspace; absolute.
    public var workspace: String
    /// The workspace's name, for messages.
    public var name = ""
    /// What may be a job.
    public var verbs: JobVerbs
    public var launch: JobLaunch
    public var clock = ServiceClock.system
    /// Seconds a job has to end by itself when it is cancelled or the daemon stops.
    public var grace = 20.0
    /// Seconds between two looks into a watched folder; longer where a look takes long.
    public var scanPause = 5.0
    /// Takes one line about what went wrong; no secrets and no paths outside the workspace.
    public var log: @Sendable (String) -> Void = { _ in }

    public init(workspace: String, verbs: JobVerbs, environment: [String: String]) {
      self.workspace = workspace
      self.verbs = verbs
      launch = JobLaunch(workspace: workspace, environment: environment)
    }
  }

  public let store: ServiceStore
  public let events: ServiceEvents
  public let verbs: JobVerbs
  /// The workspace's name, for messages.
  public var name: String { options.name }
  private let options: Options
  private let lock: FileLock
  private let runner: JobRunner
  private let courier: AlertCourier
  private let scanner: WatchScanner
  private let bell: Bell
  private let isStopping = Mutex(false)
  private let hasStopped = Mutex<[CheckedContinuation<Void, Never>]?>([])
  private let version = Mutex<Int64>(-1)

  /// Seconds between two looks for what other processes have written into the store.
  private static let beat = 0.5

  /// Opens the store, ends what a killed daemon left running, puts those jobs back, and begins.
  /// - Throws: `ServiceError` with code `served` where another process serves the workspace.
  public static func start(_ options: Options) async throws -> ServiceWork {
    let store = try ServiceStore(workspace: options.workspace, clock: options.clock)
    guard let lock = try lock(store.lockPath) else {
      throw ServiceError(
        .served, "another process serves this workspace already",
        hint: "stop it first; one daemon serves one workspace")
    }
    let marks = try await store.leftovers().map { "\(JobLaunch.mark)=\($0.mark)" }
    Leftovers.end(marked: Set(marks))
    _ = try await store.recover()
    let work = try ServiceWork(options, store, lock)
    guard LongThread.start({ work.live() }) else {
      throw ServiceError(.wrongState, "the system gives no thread to the daemon")
    }
    return work
  }

  /// Nil where another process serves the workspace, and does not just look whether one does.
  private static func lock(_ path: String) throws -> FileLock? {
    for _ in 0..<10 {
      if let lock = try FileLock(path) { return lock }
      Pause.seconds(0.02)
    }
    return nil
  }

  private init(_ options: Options, _ store: ServiceStore, _ lock: FileLock) throws {
    self.options = options
    self.store = store
    self.lock = lock
    verbs = options.verbs
    events = ServiceEvents(start: Int(store.clock.now().milliseconds))
    var rules = JobRunner.Rules()
    rules.grace = options.grace
    let bell = Bell()
    self.bell = bell
    courier = AlertCourier(
      store: store, events: events, workspace: options.name, log: options.log
    ) { bell.ring() }
    scanner = WatchScanner(
      store: store, events: events, pause: options.scanPause, log: options.log
    ) { bell.ring() }
    let consequences = ConsequenceFinder(options: options, store: store)
    runner = try JobRunner(
      store: store, events: events, launch: options.launch, rules: rules, log: options.log
    ) { await consequences.find($0, $1) }
  }

  // MARK: asking

  /// Queues a job, tells listeners, and begins it at once where it may begin.
  public func submit(_ job: NewJob) async throws -> Job {
    try await change { try await self.store.submit(job) }
  }

  /// Ends a job; see `ServiceStore.cancel`.
  public func cancel(_ id: Int64) async throws -> Job {
    try await change { try await self.store.cancel(id) }
  }

  /// Puts a job back into the queue; see `ServiceStore.retry`.
  public func retry(_ id: Int64) async throws -> Job {
    try await change { try await self.store.retry(id) }
  }

  private func change(_ body: @Sendable () async throws -> Job) async throws -> Job {
    let job = try await body()
    events.publish("job", job.brief)
    await runner.tick()
    return job
  }

  /// Looks at once for what has changed in the store.
  public func wake() { bell.ring() }

  /// True while a job runs, or one waits that may begin.
  public func isBusy() async throws -> Bool {
    let counts = try await store.jobCounts()
    return counts[.running, default: 0] + counts[.queued, default: 0] > 0
  }

  // MARK: living

  /// Stops: nothing new begins, running jobs are asked to end and wait in the queue again. Returns
  /// when all is over. Calling it again waits for the same.
  public func stop() async {
    isStopping.withLock { $0 = true }
    bell.ring()
    await withCheckedContinuation { done in
      let isOver = hasStopped.withLock { waiting in
        waiting?.append(done)
        return waiting == nil
      }
      if isOver { done.resume() }
    }
  }

  /// The heart: on a thread of its own, so that nothing else can keep it from beating.
  private func live() {
    while !isStopping.withLock({ $0 }) {
      let pause = (try? Blocking.wait { await self.beat() }) ?? Self.beat
      bell.sleep(seconds: min(Self.beat, max(0, pause)))
    }
    try? Blocking.wait { await self.runner.stop() }
    let waiting = hasStopped.withLock { waiting in
      defer { waiting = nil }
      return waiting ?? []
    }
    for done in waiting { done.resume() }
  }

  /// Does what is due; seconds until something is due again.
  private func beat() async -> Double {
    do {
      let version = try await store.version()
      let before = self.version.withLock { known in
        defer { known = version }
        return known
      }
      if before != version, before >= 0 { events.publish("change", ["what": "service"]) }
    } catch {
      options.log("the store cannot be read: \(explained(error))")
    }
    await fire()
    await scanner.tick()
    await runner.tick()
    await courier.tick()
    return await untilNext()
  }

  /// Fires the schedules whose time has come.
  private func fire() async {
    do {
      for (schedule, firing) in try await store.fireDue() {
        events.publish(
          "schedule",
          [
            "id": .int(Int(schedule.id)), "name": .string(schedule.name),
            "firing": firing.document,
          ])
        if let id = firing.job { events.publish("job", try await store.job(id).brief) }
      }
    } catch {
      options.log("schedules cannot be fired: \(explained(error))")
    }
  }

  /// Seconds until a schedule fires, or a whole beat.
  private func untilNext() async -> Double {
    guard let next = try? await store.nextFiring() else { return Self.beat }
    return min(Self.beat, max(0.001, next - store.clock.now()))
  }
}
