public import Curation
internal import Diagnostics
internal import Execution
internal import Glibc
public import HTTPServer
internal import Synchronization

/// The daemon of one workspace: the HTTP server over the queue, the schedules and the catalog.
public final class CuratorDaemon: Sendable {
  /// How to serve.
  public struct Options: Sendable {
    public var address: ServerAddress
    public var certificate: HTTPServer.Certificate?
    public var limits = ServerLimits()
    /// Host names it answers to beside the address itself.
    public var hosts: [String] = []
    /// A token for this run alone.
    public var session: Token?
    /// Requests a second for each token, and how many at once beyond.
    public var requestsPerSecond = 2000.0
    /// Bytes a search engine may hold, apart from mapped rows.
    public var searchMemory = 2 << 30
    public var searchThreads = 1
    /// Days that lines of the access log are kept; nil for ever.
    public var accessLogDays: Int?
    /// Days that jobs are kept which are over; nil for ever.
    public var jobDays: Int?
    public var work: ServiceWork.Options
    public var log: ServiceLog

    public init(address: ServerAddress, work: ServiceWork.Options, log: ServiceLog) {
      self.address = address
      self.work = work
      self.log = log
    }
  }

  /// Where it listens.
  public var address: ServerAddress { server.address }

  /// Where it listens, for people: an address for browsers where there is one.
  public var place: String {
    switch address {
    case .tcp(let host, let port):
      let scheme = options.certificate == nil ? "http" : "https"
      return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)/"
    case .unix(let path): return "unix:\(path)"
    case .inherited: return "the socket that was handed over"
    }
  }

  private let options: Options
  private let work: ServiceWork
  private let worker: DeskWorker
  private let tokens: TokenBook
  private let feed: EventFeed
  private let server: HTTPServer
  private let isOver = Mutex(false)
  private let store: ServiceStore

  /// Starts everything.
  /// - Throws: `ServerError`, `ServiceError` where another daemon serves the workspace, and what
  ///   opening the store throws.
  public static func start(
    _ options: Options, context: StepContext, worker: DeskWorker
  ) async throws -> CuratorDaemon {
    let work = try await ServiceWork.start(options.work)
    do {
      let daemon = try CuratorDaemon(options, work, context, worker)
      try await daemon.tokens.reload(from: daemon.store)
      try await daemon.store.note(
        Presence(
          address: daemon.place, process: Int(getpid()), version: context.toolVersion,
          since: daemon.store.clock.now().plain))
      _ = LongThread.start { daemon.live() }
      return daemon
    } catch {
      await work.stop()
      throw error
    }
  }

  private init(
    _ options: Options, _ work: ServiceWork, _ context: StepContext, _ worker: DeskWorker
  ) throws {
    self.options = options
    self.work = work
    self.worker = worker
    store = work.store
    tokens = TokenBook(session: options.session)
    feed = EventFeed(work.events)
    let hosts = HostNames(options.hosts)
    let start = Stopwatch()
    let gate = Gate(
      hosts: hosts, tokens: tokens,
      calls: RateLimit(
        perSecond: options.requestsPerSecond, burst: 2 * options.requestsPerSecond,
        clock: { start.seconds }),
      failures: RateLimit(perSecond: 0.5, burst: 30, clock: { start.seconds }))
    let metrics = Metrics()
    let table = RouteTable(
      desk: Desk(context: context, worker: worker), work: work, feed: feed, tokens: tokens,
      metrics: metrics, options: options)
    let api = APIServer(
      routes: table.routes, gate: gate, log: options.log, metrics: metrics,
      isSecure: options.certificate != nil, hidden: options.work.workspace)
    server = try HTTPServer(
      address: options.address, certificate: options.certificate, limits: options.limits,
      handlers: api.handlers)
    hosts.set(address: server.address)
  }

  // MARK: living

  private func live() {
    var beats = 0
    while !isOver.withLock({ $0 }) {
      Pause.seconds(0.25)
      beats += 1
      let number = beats
      try? Blocking.wait { await self.beat(number) }
    }
  }

  /// Does what is due: four times a second.
  private func beat(_ number: Int) async {
    do {
      // The command line may have made or revoked one.
      try await tokens.reload(from: store)
      if number % 40 == 0 { try await store.noteUse(ofTokens: tokens.takeUsed()) }
      if number % 14_400 == 1 { try await purge() }
    } catch {
      options.log.note(.error, "failed", ["message": .string("\(error)")])
    }
  }

  private func purge() async throws {
    if let days = options.accessLogDays {
      let gone = try await store.purgePictureAccesses(olderThanDays: days)
      if gone > 0 { options.log.note(.info, "access log purged", ["lines": .int(gone)]) }
    }
    if let days = options.jobDays {
      let gone = try await store.purgeHistory(olderThanDays: days)
      if gone > 0 { options.log.note(.info, "jobs purged", ["jobs": .int(gone)]) }
    }
  }

  /// Stops in order: no new connections, streams end, jobs are put back into the queue, requests
  /// under way are answered. Calling it again changes nothing.
  public func stop() async {
    let wasOver = isOver.withLock { isOver in
      defer { isOver = true }
      return isOver
    }
    guard !wasOver else { return }
    server.quiesce()
    feed.close()
    await work.stop()
    worker.end()
    try? await store.noteUse(ofTokens: tokens.takeUsed())
    try? await store.forgetPresence()
    server.stop(within: 5)
  }
}
