import Arguments
import Curation
import Diagnostics
import Domain
import Execution
import FaceEncoding
import Files
import HTTPServer
import Service
import VectorStorage

/// `serve`
enum ServeVerb: Verb {
  static let usualAddress = "127.0.0.1:8439"

  static let spec = CommandSpec(
    "serve", group: ServiceOptions.group, summary: "run the daemon: page, API, jobs and schedules",
    discussion: """
      Serves the workspace until it is interrupted. It listens on this machine only, unless told
      otherwise, and every question needs a token: make one with token create. On a terminal it
      prints a link that signs you in for this run.

      Beyond this machine it listens only with --tls-certificate and --tls-key and a token on record,
      or with --allow-plain where something else protects the way, such as a proxy.

      A supervisor may hand over a listening socket (LISTEN_FDS). SIGHUP begins a new log file, SIGTERM
      stops in order: running jobs wait in the queue again.
      """,
    examples: [
      CommandExample("d2r-curate serve", "the page, for you alone"),
      CommandExample("d2r-curate serve --unix /run/d2r/curate.sock", "behind a proxy"),
    ],
    options: [
      OptionSpec(
        "--listen", value: "ADDRESS", help: "where to listen; port 0 takes a free one",
        defaultText: usualAddress),
      OptionSpec("--unix", value: "PATH", help: "listen at a Unix socket instead"),
      OptionSpec("--tls-certificate", value: "FILE", help: "certificate chain, PEM"),
      OptionSpec("--tls-key", value: "FILE", help: "its key, PEM"),
      OptionSpec(
        "--host", value: "NAME", help: "another name it answers to, such as a proxy's",
        isRepeatable: true),
      OptionSpec(flag: "--allow-plain", help: "listen beyond this machine without TLS"),
      OptionSpec(flag: "--print-link", help: "print the sign-in link without a terminal too"),
      OptionSpec(
        "--log-file", value: "FILE", help: "where the log goes", defaultText: "standard error"),
      OptionSpec(
        "--search-memory", value: "MIB", help: "most memory of a search engine",
        defaultText: "2048"),
      OptionSpec(
        "--keep-access-log", value: "DAYS", help: "forget older looks at real faces",
        defaultText: "for ever"),
      OptionSpec(
        "--keep-jobs", value: "DAYS", help: "forget jobs and messages that are over for longer",
        defaultText: "for ever"),
      OptionSpec(
        "--requests-per-second", value: "N", help: "most requests of one token",
        defaultText: "2000"),
      OptionSpec(
        "--request-seconds", value: "N", help: "time in which a whole request must arrive",
        defaultText: "60"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    Interrupts.install()
    Hangups.install()
    let log = try invocation.string("--log-file").map { try LogFile(path: $0) } ?? LogFile()
    let session = try session(invocation)
    var options = try options(invocation, surroundings, log: log)
    options.session = session
    let workspace = try surroundings.workspace()
    if !options.address.isLoopback {
      try await requireSafety(options, invocation, ServiceStore(workspace: workspace.root))
    }
    let worker = DeskWorker(program(workspace, surroundings))
    let daemon = try await CuratorDaemon.start(
      options, context: try surroundings.serviceContext(workspace), worker: worker)
    announce(daemon, options, surroundings)
    await wait(log)
    options.log.note(.info, "stopping")
    await daemon.stop()
    options.log.note(.info, "stopped")
    return .clean
  }

  private static func session(_ invocation: Invocation) throws -> Token? {
    StreamSink.standardOutput.isTerminal || invocation.flag("--print-link") ? Token() : nil
  }

  private static func options(
    _ invocation: Invocation, _ surroundings: Surroundings, log: LogFile
  ) throws -> CuratorDaemon.Options {
    var work = try surroundings.serviceOptions()
    let service = ServiceLog(clock: Clock.now) { log.write($0) }
    work.log = { service.note(.warning, "work", ["message": .string($0)]) }
    var options = CuratorDaemon.Options(
      address: try address(invocation, surroundings.environment), work: work, log: service)
    options.certificate = try certificate(invocation)
    options.hosts = invocation.strings("--host")
    options.searchThreads = surroundings.options.threads
    options.searchMemory = (try invocation.int("--search-memory", in: 16...1 << 24) ?? 2048) << 20
    options.accessLogDays = try invocation.int("--keep-access-log", in: 1...36_500)
    options.jobDays = try invocation.int("--keep-jobs", in: 1...36_500)
    if let seconds = try invocation.int("--request-seconds", in: 1...3600) {
      options.limits.requestSeconds = seconds
      options.limits.idleSeconds = min(options.limits.idleSeconds, seconds)
    }
    options.requestsPerSecond = Double(
      try invocation.int("--requests-per-second", in: 1...1_000_000) ?? 2000)
    return options
  }

  private static func address(
    _ invocation: Invocation, _ environment: [String: String]
  ) throws -> ServerAddress {
    if let path = invocation.string("--unix") { return .unix(path: Paths.absolute(path)) }
    if let text = invocation.string("--listen") { return try ServerAddress(text) }
    if let inherited = ServerAddress(handedOverIn: environment) { return inherited }
    return try ServerAddress(usualAddress)
  }

  private static func certificate(_ invocation: Invocation) throws -> HTTPServer.Certificate? {
    switch (invocation.string("--tls-certificate"), invocation.string("--tls-key")) {
    case (nil, nil): return nil
    case (let chain?, let key?):
      return HTTPServer.Certificate(
        chain: try FileReader.readText(chain), key: try FileReader.readText(key))
    default:
      throw ServerError(
        .certificate, "a certificate needs its key",
        hint: "give both --tls-certificate and --tls-key")
    }
  }

  private static func requireSafety(
    _ options: CuratorDaemon.Options, _ invocation: Invocation, _ store: ServiceStore
  ) async throws {
    let hasToken = try await store.tokens().contains { $0.revokedAt == nil }
    let isSafe = options.certificate != nil || invocation.flag("--allow-plain")
    guard isSafe && hasToken else {
      throw ServerError(
        .badAddress,
        "it would listen beyond this machine without "
          + (hasToken ? "TLS" : "a token that anybody could use"),
        hint: hasToken
          ? "give --tls-certificate and --tls-key, or --allow-plain where a proxy protects the way"
          : "make one: d2r-curate token create NAME --role curator")
    }
  }

  private static func program(
    _ workspace: Workspace, _ surroundings: Surroundings
  ) -> ChildProgram {
    // This very program, whatever became of its file or of PATH.
    ChildProgram(
      ["/proc/self/exe", "--workspace", workspace.root, "--quiet", "serve", "desk"],
      folder: workspace.root, environment: surroundings.environment)
  }

  private static func announce(
    _ daemon: CuratorDaemon, _ options: CuratorDaemon.Options, _ surroundings: Surroundings
  ) {
    surroundings.console.raw("listening on \(daemon.place)\n")
    if let session = options.session {
      surroundings.console.raw("sign in:     \(daemon.place)#token=\(session.text)\n")
    }
    options.log.note(.info, "started", ["version": .string(Version.current)])
  }

  /// Returns when a signal asks to stop.
  private static func wait(_ log: LogFile) async {
    var hangups = Hangups.total
    while !Interrupts.requested {
      try? await Task.sleep(for: .milliseconds(100))
      if Hangups.total != hangups {
        hangups = Hangups.total
        log.reopen()
      }
    }
  }
}

/// `serve desk`
enum ServeDeskVerb: Verb {
  static let spec = CommandSpec(
    "serve desk", group: ServiceOptions.group,
    summary: "answer the daemon's questions that need networks",
    discussion: """
      The daemon starts this by itself: a network that crashes then takes down this program only. It
      reads one JSON object a line on standard input and answers with one, until the input ends:
      {"ask": "vector", "picture": PATH, "space": NAME} and {"ask": "standings"}.
      """,
    examples: [
      CommandExample("echo '{\"ask\": \"standings\"}' | d2r-curate serve desk", "asks by hand")
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let workspace = try surroundings.workspace()
    let context = try surroundings.serviceContext(workspace)
    let desk = ServeDesk(surroundings: surroundings, context: context)
    while let line = readLine() {
      let answer: JSONValue
      do { answer = try await desk.answer(JSONValue(parsing: line)) } catch {
        answer = ErrorPrinter(program: "d2r-curate").document(error)
      }
      surroundings.console.raw(answer.compact + "\n")
    }
    return .clean
  }
}

/// Answers one question after the other; networks are opened at the first that needs them, and kept.
private final class ServeDesk {
  let surroundings: Surroundings
  let context: StepContext
  private var chain: EmbeddingChain?
  private var step: (settings: WorkspaceSettings, step: RunStep)?

  init(surroundings: Surroundings, context: StepContext) {
    self.surroundings = surroundings
    self.context = context
  }

  func answer(_ question: JSONValue) async throws -> JSONValue {
    switch question["ask"]?.stringValue {
    case "vector": return try await vector(question)
    case "standings":
      let standings = try await runStep().standings(in: context)
      return [
        "stages": .array(
          standings.map { ["name": .string($0.0), "standing": .string($0.1)] })
      ]
    default: throw CurationError(.missingInput, "that is no question: \(question.compact)")
    }
  }

  private func runStep() throws -> RunStep {
    let settings = try surroundings.workspace().settings
    if let step, step.settings == settings { return step.step }
    let fresh = try surroundings.runStep()
    step = (settings, fresh)
    return fresh
  }

  private func vector(_ question: JSONValue) async throws -> JSONValue {
    let name = question["space"]?.stringValue ?? ""
    guard let space = try await context.spacesInForce().first(where: { $0.name == name }) else {
      throw CurationError(.missingInput, "no image has a vector in space \(name)")
    }
    let chain: EmbeddingChain
    if let opened = self.chain {
      chain = opened
    } else {
      chain = try surroundings.installation.chain(context.workspace.settings, crop: .auto)
      self.chain = chain
    }
    let vector = try chain.unitVector(
      ofPictureAt: question["picture"]?.stringValue ?? "", in: space)
    return ["vector": .array(vector.values.map { JSONValue($0) })]
  }
}
