import Diagnostics
import HTTP
import Service

/// `status --daemon`
enum DaemonStatus {
  /// Shows the service of the workspace.
  /// - Returns: 1 where nothing serves it, or the daemon does not answer.
  static func show(in surroundings: Surroundings) async throws -> ExitCode {
    let status = try await surroundings.serviceStore().status()
    let answers = status.presence.flatMap(answers)
    let console = surroundings.console
    console.out("daemon: \(daemon(status, answers))")
    console.out("jobs: \(counts(status.jobs.map { ($0.rawValue, $1) }))")
    for (schedule, next) in status.next {
      console.out("schedule \(schedule.name): next \(next?.plain ?? "never")")
    }
    for watch in status.watches {
      let standing = watch.isPaused ? "paused" : watch.problem ?? "\(watch.pending) files pending"
      console.out("watch \(watch.path): \(standing)")
    }
    console.out("messages: \(counts(status.messages.map { ($0, $1) }))")
    console.out(json: document(status, answers))
    return status.isServed && answers != false ? .clean : .findings
  }

  private static func daemon(_ status: ServiceStatus, _ answers: Bool?) -> String {
    guard status.isServed else { return "does not run" }
    guard let presence = status.presence else { return "none, but jobs work serves the workspace" }
    let standing = answers.map { $0 ? ", answers" : ", does not answer" } ?? ""
    return """
      at \(presence.address)\(standing), version \(presence.version), process \(presence.process), \
      since \(presence.since)
      """
  }

  private static func counts(_ counts: [(String, Int)]) -> String {
    let words = counts.sorted { $0.0 < $1.0 }.map { "\(HumanNumbers.count($0.1)) \($0.0)" }
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }

  /// Nil where it listens at no address that could be asked without its certificate.
  private static func answers(_ presence: Presence) -> Bool? {
    guard presence.address.hasPrefix("http://") else { return nil }
    let request = HTTPRequest(.get, "\(presence.address)healthz", deadline: 5)
    return (try? HTTPClient(connectDeadline: 2).send(request)) != nil
  }

  private static func document(_ status: ServiceStatus, _ answers: Bool?) -> JSONValue {
    var daemon = status.presence?.document.objectValue ?? [:]
    daemon["serves"] = .bool(status.isServed)
    daemon["answers"] = JSONValue(answers) { .bool($0) }
    return [
      "daemon": .object(daemon),
      "jobs": .object(
        Dictionary(
          status.jobs.map { ($0.rawValue, JSONValue.int($1)) }, uniquingKeysWith: { $1 })),
      "schedules": .array(
        status.next.map { schedule, next in
          ["name": .string(schedule.name), "next": JSONValue(next?.plain) { .string($0) }]
        }),
      "watches": .array(status.watches.map(\.document)),
      "messages": .object(status.messages.mapValues { .int($0) }),
    ]
  }
}
