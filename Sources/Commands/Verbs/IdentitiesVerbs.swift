import Arguments
import Curation
import Diagnostics
import Domain
import VectorSearch

/// `identities list`
enum IdentitiesListVerb: Verb {
  static let spec = CommandSpec(
    "identities list", group: "Curate",
    summary: "list identities with their images, concentration and nearest other",
    discussion: """
      R is the length of the mean of an identity's unit vectors, 1 where all agree; kappa the
      concentration of the von Mises-Fisher law they are a sample of. Nearest is the other identity
      with the most similar prototype.
      """,
    examples: [CommandExample("d2r-curate identities list", "one line per identity")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let builder = ExactIndexBuilder(ExactSettings(threads: surroundings.options.threads))
    let table = try await surroundings.withRunner {
      try await IdentityTable.read(builder: builder, in: $0)
    }
    for row in table.rows { surroundings.console.out(line(row)) }
    surroundings.console.out(json: .array(table.rows.map(document)))
    return .clean
  }

  private static func line(_ row: IdentityTable.Row) -> String {
    let spread = row.concentration.map { "R \(HumanNumbers.decimal($0, 4))" } ?? "no prototype"
    let kappa = row.kappa.map { "kappa \(HumanNumbers.decimal($0, 1))" } ?? "kappa -"
    let nearest =
      row.nearest.map {
        "nearest \($0.name) \(HumanNumbers.decimal(Double($0.similarity.value), 4))"
      } ?? "nearest -"
    let kind = row.isSampled ? "  sampled" : ""
    return
      "\(row.name)  \(HumanNumbers.count(row.images)) images  \(spread)  \(kappa)  \(nearest)\(kind)"
  }

  private static func document(_ row: IdentityTable.Row) -> JSONValue {
    [
      "identity": .string(row.name), "id": .int(Int(row.id)), "sampled": .bool(row.isSampled),
      "images": .int(row.images), "concentration": JSONValue(row.concentration) { .double($0) },
      "kappa": JSONValue(row.kappa) { .double($0) },
      "nearest": JSONValue(row.nearest) {
        ["identity": .string($0.name), "similarity": JSONValue($0.similarity.value)]
      },
    ]
  }
}

/// `identities new`
enum IdentitiesNewVerb: Verb {
  static let spec = CommandSpec(
    "identities new", group: "Curate",
    summary: "sample identities beyond the digital ones, free of collisions and leaks",
    discussion: """
      Proposes directions where the digital identities lie (--spread faces) or on the whole sphere,
      moves those that lie too near others away, and admits what stays below the collision cosine of
      every prototype and image and below the leak cosine of every gallery image and prototype. An
      admitted identity is a name and a vector; fill makes its pictures. --count is how many sampled
      identities the set shall have in all: asked again, nothing is added.
      """,
    examples: [
      CommandExample("d2r-curate identities new --count 100", "then: d2r-curate fill"),
      CommandExample("d2r-curate identities new --count 100 --angle-at-least 75", "packed wider"),
    ],
    options: [
      OptionSpec(
        "--count", value: "N", help: "sampled identities the set shall have", isRequired: true),
      OptionSpec(
        "--angle-at-least", value: "DEGREES",
        help: "between prototypes, where that is more than collisions ask for"),
      OptionSpec(
        "--fmr", value: "RATE", help: "two identities collide from the cosine of this rate on",
        defaultText: "workspace.json"),
      OptionSpec(
        "--leak-fmr", value: "RATE", help: "a vector leaks from the cosine of this rate on",
        defaultText: "workspace.json"),
      OptionSpec(
        "--spread", value: "S", help: "where directions are proposed", defaultText: "faces",
        allowed: NewIdentitiesStep.Spread.allCases.map(\.rawValue)),
      OptionSpec(
        "--proposals-per-identity", value: "N", help: "most proposals per identity wanted",
        defaultText: "100"),
      SearchOptions.extrapolated,
    ],
    exitCodes: "0 all admitted\n1 fewer than wanted\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let settings = try surroundings.workspace().settings
    guard let count = try invocation.int("--count", in: 0...10_000_000) else {
      throw invocation.usageError("--count is needed")
    }
    var options = NewIdentitiesStep.Options(count: count, rates: settings.rates)
    options.degrees = try invocation.double("--angle-at-least", in: 0...180)
    options.collision = try choice(invocation, "--fmr", or: settings.rates.leakReview)
    options.leak = try choice(invocation, "--leak-fmr", or: settings.rates.leakReview)
    options.spread =
      invocation.string("--spread").flatMap(NewIdentitiesStep.Spread.init) ?? options.spread
    options.proposalsPerIdentity =
      try invocation.int("--proposals-per-identity", in: 1...1_000_000)
      ?? options.proposalsPerIdentity
    options.documented = surroundings.installation.documentedThresholds(settings)
    options.isDryRun = surroundings.options.isDryRun
    let step = NewIdentitiesStep(
      options, builder: ExactIndexBuilder(ExactSettings(threads: surroundings.options.threads)))
    return surroundings.show(try await surroundings.withRunner { try await step.run(in: $0) })
  }

  static func choice(
    _ invocation: Invocation, _ name: String, or standard: Double
  ) throws -> ThresholdChoice {
    let rate = try invocation.double(name, in: 1e-12...1) ?? standard
    return invocation.flag("--allow-extrapolated") ? .extrapolable(rate) : .falseMatchRate(rate)
  }
}

/// `identities capacity`
enum IdentitiesCapacityVerb: Verb {
  static let spec = CommandSpec(
    "identities capacity", group: "Curate",
    summary: "estimate how many distinct identities fit at a false-match rate",
    discussion: """
      An upper bound by the ratio of two caps of the sphere (all identities, one identity), and the
      number of identities from which on a number of collisions is expected by chance. Records
      nothing.
      """,
    examples: [CommandExample("d2r-curate identities capacity --fmr 1e-4", "and how much is used")],
    options: [
      OptionSpec(
        "--fmr", value: "RATE", help: "identities are distinct below the cosine of this rate",
        defaultText: "workspace.json"),
      OptionSpec(
        "--collisions", value: "N", help: "collisions by chance that are tolerated",
        defaultText: "1"),
      SearchOptions.extrapolated,
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let settings = try surroundings.workspace().settings
    var options = CapacityReading.Options(rates: settings.rates)
    options.threshold = try IdentitiesNewVerb.choice(
      invocation, "--fmr", or: settings.rates.leakReview)
    options.budget = try invocation.double("--collisions", in: 0...1e12) ?? options.budget
    options.documented = surroundings.installation.documentedThresholds(settings)
    let reading = CapacityReading(options)
    return surroundings.show(try await surroundings.withRunner { try await reading.run(in: $0) })
  }
}

/// `identities withdraw NAME...`
enum IdentitiesWithdrawVerb: Verb {
  static let spec = CommandSpec(
    "identities withdraw", group: "Curate",
    summary: "put identities aside with all their images",
    discussion: """
      A person's decision in the ledger; undo takes it back. A sampled identity that was put aside is
      not sampled again: identities new puts another in its place.
      """,
    examples: [CommandExample("d2r-curate identities withdraw new-00003", "undo takes it back")],
    positionals: [
      PositionalSpec("NAME", help: "identities by name", arity: .variadic(atLeastOne: true))
    ],
    options: [
      OptionSpec("--reason", value: "TEXT", help: "why", defaultText: "withdrawn by hand"),
      OptionSpec("--author", value: "NAME", help: "who decides", defaultText: "$USER"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let withdrawal = Withdrawal(
      invocation.positionals("NAME"),
      reason: invocation.string("--reason") ?? "withdrawn by hand",
      author: surroundings.author(invocation))
    return surroundings.show(
      try await surroundings.withRunner { try await withdrawal.run(in: $0) })
  }
}
