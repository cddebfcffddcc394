import Foundation
import Glibc

/// The built program, run as its user would.
struct Tool {
  /// What one run came to.
  struct Result {
    var code: Int32
    var out: String
    var err: String

    /// Both streams, for messages of failed expectations.
    var said: String { "code \(code)\n\(out)\n\(err)" }

    /// Standard output as one JSON document.
    func json() throws -> JSON { try JSON(parsing: out) }
  }

  /// The folder the program starts in.
  var folder = FileManager.default.temporaryDirectory.path
  /// Added to the environment of the tests; nil removes a variable.
  var environment: [String: String?] = [:]

  static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Beside the test bundle; else where a release build puts it.
  static let path: String = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") }
    let beside = bundle.map { URL(filePath: $0).deletingLastPathComponent() }
    let folders = [beside, packageRoot.appending(path: ".build/release")].compactMap { $0 }
    let places = folders.map { $0.appending(path: "d2r-curate").path }
    return places.first(where: FileManager.default.isExecutableFile) ?? places[places.count - 1]
  }()

  /// True where models and runtime are there, without which no picture can be indexed.
  static let isInstalled: Bool = {
    FileManager.default.isExecutableFile(atPath: path) && Tool().run("doctor", "--quiet").code == 0
  }()

  /// Runs to the end; a run longer than `patience` seconds is killed and has code -9.
  func run(_ words: String..., patience: Double = 400) -> Result {
    run(words, patience: patience)
  }

  func run(_ words: [String], patience: Double = 400) -> Result {
    let running = start(words)
    return running.wait(patience: patience)
  }

  /// Starts without waiting.
  func start(_ words: String...) -> Running { start(words) }

  func start(_ words: [String]) -> Running { Running(Self.path, words, self) }

  /// Runs a line of bash with the program on its PATH.
  func shell(_ script: String, patience: Double = 400) -> Result {
    var tool = self
    let own = URL(filePath: Self.path).deletingLastPathComponent().path
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    tool.environment["PATH"] = "\(own):\(path)"
    return Running("/bin/bash", ["-c", script], tool).wait(patience: patience)
  }
}

extension Tool {
  /// A run under way. Streams go to files, so that no pipe can fill up.
  final class Running {
    private let process = Process()
    private let streams: [URL]

    init(_ path: String, _ words: [String], _ tool: Tool) {
      let scratch = FileManager.default.temporaryDirectory
      streams = ["out", "err"].map { scratch.appending(path: "\(UUID().uuidString).\($0)") }
      for stream in streams { try! Data().write(to: stream) }
      process.executableURL = URL(filePath: path)
      process.arguments = words
      process.currentDirectoryURL = URL(filePath: tool.folder)
      var environment = ProcessInfo.processInfo.environment
      environment["D2R_WORKSPACE"] = nil
      for (name, value) in tool.environment { environment[name] = value }
      process.environment = environment
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle(forWritingAtPath: streams[0].path)
      process.standardError = FileHandle(forWritingAtPath: streams[1].path)
      Self.withAllSignals { try! process.run() }
    }

    /// A child inherits which signals are held back, and threads of a pool hold back most.
    private static func withAllSignals(_ body: () -> Void) {
      var none = sigset_t()
      var before = sigset_t()
      unsafe sigemptyset(&none)
      unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
      body()
      unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }

    var isRunning: Bool { process.isRunning }

    /// Sends a signal: SIGINT asks, SIGKILL does not.
    func send(_ signal: Int32) { if process.isRunning { kill(process.processIdentifier, signal) } }

    func wait(patience: Double = 400) -> Result {
      let end = Date.now.addingTimeInterval(patience)
      while process.isRunning, Date.now < end { usleep(4000) }
      let isLate = process.isRunning
      if isLate { send(SIGKILL) }
      while process.isRunning { usleep(1000) }
      let texts = streams.map { url in
        let data = (try? Data(contentsOf: url)) ?? Data()
        try? FileManager.default.removeItem(at: url)
        return String(decoding: data, as: UTF8.self)
      }
      let wasKilled = process.terminationReason == .uncaughtSignal
      let status = process.terminationStatus
      return Result(code: wasKilled ? -status : status, out: texts[0], err: texts[1])
    }
  }
}
