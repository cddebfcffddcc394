import Arguments
import Foundation
import Glibc
import Service
import Synchronization
import Testing

/// A folder of one test's own, removed with it.
final class Scratch: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "d2r-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(name: String) -> String { "\(path)/\(name)" }

  func lines(_ name: String) -> [String] {
    let text = (try? String(contentsOfFile: self[name], encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}

/// A clock that tests set.
final class HandClock: Sendable {
  private let moment: Mutex<Moment>

  init(_ text: String) { moment = Mutex(instant(text)) }

  var now: Moment {
    get { moment.withLock { $0 } }
    set { moment.withLock { $0 = newValue } }
  }

  func advance(_ seconds: Double) { moment.withLock { $0 = $0 + seconds } }

  var clock: ServiceClock { ServiceClock { [self] in now } }
}

/// The moment that ISO 8601 text such as `2026-03-29T01:30:00Z` names.
func instant(_ text: String) -> Moment {
  let parser = ISO8601DateFormatter()
  guard let date = parser.date(from: text) else { preconditionFailure("\(text) is no time") }
  return Moment(seconds: Int64(date.timeIntervalSince1970.rounded()))
}

/// Verbs of the stand-in program, and the program.
enum Play {
  static let program = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Programs/play").path

  static let verbs: JobVerbs = {
    let words = PositionalSpec("WORD", help: "what to play", arity: .variadic(atLeastOne: true))
    return JobVerbs(
      [
        JobVerb(
          CommandSpec("play", summary: "plays", positionals: [words]), writes: true),
        JobVerb(
          CommandSpec("watch", summary: "plays and writes nothing", positionals: [words]),
          writes: false),
        JobVerb(CommandSpec("audit", summary: "audits", positionals: [words]), writes: true),
        JobVerb(CommandSpec("delta", summary: "offsets"), writes: true),
        JobVerb(
          CommandSpec(
            "index", summary: "indexes", positionals: [PositionalSpec("PATH", help: "a folder")],
            options: [
              OptionSpec("--population", value: "P", help: "whose", allowed: ["digital", "real"]),
              OptionSpec("--layout", value: "L", help: "how", allowed: ["auto", "flat"]),
            ]), writes: true),
        JobVerb(
          CommandSpec(
            "dedup", summary: "dedups", options: [OptionSpec(flag: "--apply", help: "do")]),
          writes: true),
        JobVerb(
          CommandSpec(
            "leaks", summary: "leaks", options: [OptionSpec(flag: "--apply", help: "do")]),
          writes: true),
      ], globals: [])
  }()

  static func job(
    _ words: String..., verb: String = "play", priority: Int = 0, attempts: Int = 1
  ) throws -> NewJob {
    try NewJob(verb, words, among: verbs, priority: priority, attempts: attempts, by: "test")
  }

  static func start(
    _ scratch: Scratch, clock: ServiceClock = .system, grace: Double = 5
  ) async throws -> ServiceWork {
    var options = ServiceWork.Options(
      workspace: scratch.path, verbs: verbs,
      environment: ["PATH": "/usr/bin:/bin", "SECRET": "x", "D2R_WORKSPACE": "elsewhere"])
    options.launch.executable = program
    options.launch.prefix = ["--workspace", scratch.path, "--json"]
    options.clock = clock
    options.grace = grace
    options.scanPause = 0.1
    options.log = { Issue.record("the daemon said: \($0)") }
    return try await ServiceWork.start(options)
  }
}

extension ServiceStore {
  /// The job once it is in one of these states.
  func job(_ id: Int64, in states: Set<Job.State>, patience: Double = 200) async throws -> Job {
    for _ in 0..<Int(patience * 100) {
      let job = try self.job(id)
      if states.contains(job.state) { return job }
      try await Task.sleep(for: .milliseconds(10))
    }
    let job = try self.job(id)
    Issue.record("job \(id) is still \(job.state)")
    return job
  }

  func over(_ id: Int64) async throws -> Job {
    try await job(id, in: [.succeeded, .findings, .failed, .cancelled])
  }
}

/// True for a process that runs; false for one that ended, reaped or not.
func isRunning(_ pid: String) -> Bool {
  guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
    return false
  }
  return !text.contains(") Z ")
}

/// Waits until it holds, at most some seconds.
func eventually(
  _ patience: Double = 200, _ holds: () async throws -> Bool
) async rethrows -> Bool {
  for _ in 0..<Int(patience * 100) {
    if try await holds() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return false
}
