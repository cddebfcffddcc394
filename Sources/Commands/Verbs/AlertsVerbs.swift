import Arguments
import Curation
import Diagnostics
import Files
import Service

/// `alerts add NAME`
enum AlertsAddVerb: Verb {
  static let spec = CommandSpec(
    "alerts add", group: ServiceOptions.group, summary: "tell a webhook or a mail folder",
    discussion: """
      A webhook is sent a signed POST with JSON; its secret is shown this once. Mail is written as one
      file per message into a folder, from which your mail system takes it. Events: findings (a job
      ended with some), failed (after all attempts), drift (an audit found more than the one before,
      or Δ has moved), recovered. Messages wait in the workspace until they are delivered.
      """,
    examples: [
      CommandExample(
        "d2r-curate alerts add ops --webhook https://ops.example/hook --on findings --on failed",
        "prints the secret"),
      CommandExample(
        "d2r-curate alerts add post --mail spool --to ada@example.org", "tells of everything"),
    ],
    positionals: [PositionalSpec("NAME", help: "what to call it")],
    options: [
      OptionSpec("--webhook", value: "URL", help: "an http or https address"),
      OptionSpec("--mail", value: "DIR", help: "the folder for mail"),
      OptionSpec("--to", value: "ADDRESS", help: "whom mail is for"),
      OptionSpec("--from", value: "ADDRESS", help: "who mail is from", defaultText: "the same"),
      OptionSpec(
        "--on", value: "EVENT", help: "what to tell", defaultText: "everything",
        isRepeatable: true, allowed: Alert.Event.allCases.map(\.rawValue)),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let events = invocation.strings("--on").compactMap(Alert.Event.init)
    let (kind, target) = try target(invocation)
    let new = try NewAlert(
      invocation.positional("NAME") ?? "", kind, target: target,
      events: events.isEmpty ? Alert.Event.allCases : events)
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would tell \(target)")
      return .clean
    }
    let (alert, secret) = try await surroundings.serviceStore().add(new)
    surroundings.console.out(AlertLines.line(alert))
    if let secret {
      surroundings.console.out("secret: \(secret)")
      surroundings.console.note("the secret is shown this once; it checks the header D2R-Signature")
    }
    var document = alert.document
    document["secret"] = secret.map(JSONValue.string)
    surroundings.console.out(json: document)
    return .clean
  }

  private static func target(_ invocation: Invocation) throws -> (Alert.Kind, String) {
    switch (invocation.string("--webhook"), invocation.string("--mail")) {
    case (let url?, nil): return (.webhook, url)
    case (nil, let folder?):
      guard let recipient = invocation.string("--to") else {
        throw invocation.usageError("--mail needs --to ADDRESS", code: .missingOption)
      }
      let sender = invocation.string("--from").map { "&from=\($0)" } ?? ""
      return (.mail, "\(Paths.absolute(folder))?to=\(recipient)\(sender)")
    default:
      throw invocation.usageError("give either --webhook URL or --mail DIR", code: .missingOption)
    }
  }
}

/// `alerts list`
enum AlertsListVerb: Verb {
  static let spec = CommandSpec(
    "alerts list", group: ServiceOptions.group,
    summary: "list who is told what, and what the last message came to",
    examples: [CommandExample("d2r-curate alerts list", "one line per alert")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let alerts = try await surroundings.serviceStore().alerts()
    if alerts.isEmpty { surroundings.console.out("no alerts") }
    for alert in alerts { surroundings.console.out(AlertLines.line(alert)) }
    surroundings.console.out(json: .array(alerts.map(\.document)))
    return .clean
  }
}

/// `alerts test ALERT`
enum AlertsTestVerb: Verb {
  static let spec = CommandSpec(
    "alerts test", group: ServiceOptions.group, summary: "put a test message into the outbox",
    discussion: "The daemon sends it within a second; alerts list says what became of it.",
    examples: [CommandExample("d2r-curate alerts test ops", "a message of event test")],
    positionals: [AlertLines.name])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let store = try surroundings.serviceStore()
    let alert = try await store.alert(named: invocation.positional("ALERT") ?? "")
    let delivery = try await store.test(
      alert: alert.id, workspace: try surroundings.workspace().settings.name)
    surroundings.console.out("message \(delivery.message) waits")
    surroundings.console.out(json: delivery.document)
    return .clean
  }
}

/// `alerts remove ALERT`
enum AlertsRemoveVerb: Verb {
  static let spec = CommandSpec(
    "alerts remove", group: ServiceOptions.group,
    summary: "remove an alert with what it still had to send",
    examples: [CommandExample("d2r-curate alerts remove ops", "it is gone")],
    positionals: [AlertLines.name])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let store = try surroundings.serviceStore()
    let alert = try await store.alert(named: invocation.positional("ALERT") ?? "")
    try await store.remove(alert: alert.id)
    surroundings.console.out("removed alert \(alert.name)")
    surroundings.console.out(json: ["removed": .int(Int(alert.id))])
    return .clean
  }
}

/// How alerts are named and shown.
enum AlertLines {
  static let name = PositionalSpec("ALERT", help: "the alert's name or number")

  static func line(_ alert: Alert) -> String {
    var line = "\(alert.name): \(alert.kind.rawValue) \(alert.target), on "
    line += alert.events.map(\.rawValue).joined(separator: ", ")
    if alert.isPaused { line += ", paused" }
    if let last = alert.lastDelivery {
      line += "; last \(last.state.rawValue) \((last.deliveredAt ?? last.createdAt).plain)"
      if let problem = last.problem { line += " (\(problem))" }
    }
    return line
  }
}
