import Arguments
import Diagnostics
import Service

/// `token create NAME`
enum TokenCreateVerb: Verb {
  static let spec = CommandSpec(
    "token create", group: ServiceOptions.group, summary: "make a token for the daemon's API",
    discussion: """
      Prints the token once; only its digest is kept. A reader sees everything but real faces, a
      curator decides, starts jobs and may look at real faces, an admin makes tokens and says where
      alerts go. Whatever a token does is on record under its name.
      """,
    examples: [CommandExample("d2r-curate token create ada --role curator", "for one person")],
    positionals: [PositionalSpec("NAME", help: "whose it is; the author of its decisions")],
    options: [
      OptionSpec(
        "--role", value: "ROLE", help: "what it may do", defaultText: "reader",
        allowed: Role.allCases.map(\.rawValue))
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let role = invocation.string("--role").flatMap(Role.init) ?? .reader
    let name = invocation.positional("NAME") ?? ""
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would make a token of role \(role.rawValue) for \(name)")
      return .clean
    }
    let token = Token()
    let record = try await surroundings.serviceStore().add(token, name: name, role: role)
    surroundings.console.out(token.text)
    surroundings.console.note("token \(record.id) of \(name), role \(role.rawValue): keep it safe")
    var document = record.document
    document["token"] = .string(token.text)
    surroundings.console.out(json: document)
    return .clean
  }
}

/// `token list`
enum TokenListVerb: Verb {
  static let spec = CommandSpec(
    "token list", group: ServiceOptions.group, summary: "list the tokens and when they were used",
    examples: [CommandExample("d2r-curate token list", "one line per token")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let tokens = try await surroundings.serviceStore().tokens()
    for token in tokens {
      let state = token.revokedAt.map { "revoked \($0)" } ?? "used \(token.lastUsedAt ?? "never")"
      surroundings.console.out(
        "\(token.id)  \(token.role.rawValue)  \(token.name)  made \(token.createdAt), \(state)")
    }
    surroundings.console.out(json: .array(tokens.map(\.document)))
    return .clean
  }
}

/// `token revoke NAME`
enum TokenRevokeVerb: Verb {
  static let spec = CommandSpec(
    "token revoke", group: ServiceOptions.group, summary: "make a token worth nothing, at once",
    examples: [CommandExample("d2r-curate token revoke ada", "by its name or number")],
    positionals: [PositionalSpec("NAME", help: "the token's name or number")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let wanted = invocation.positional("NAME") ?? ""
    let store = try surroundings.serviceStore()
    let found = try await store.tokens().first {
      $0.revokedAt == nil && ($0.name == wanted || "\($0.id)" == wanted)
    }
    guard let found else {
      throw ServiceError(
        .unknown, "no token in force is named '\(wanted)'",
        hint: "see them all: d2r-curate token list")
    }
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would revoke token \(found.id) of \(found.name)")
      return .clean
    }
    let token = try await store.revoke(token: found.id)
    surroundings.console.out("revoked token \(token.id) of \(token.name)")
    surroundings.console.out(json: token.document)
    return .clean
  }
}
