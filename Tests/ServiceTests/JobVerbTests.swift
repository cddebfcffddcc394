import Arguments
import Diagnostics
import Service
import Testing

/// What may become a job, and what is refused before it is queued.
@Suite struct JobVerbTests {
  static let verbs = JobVerbs(
    [
      JobVerb(
        CommandSpec(
          "index", summary: "reads", positionals: [PositionalSpec("PATH", help: "a folder")],
          options: [
            OptionSpec(
              "--population", value: "P", help: "which", isRequired: true, allowed: ["real"]),
            OptionSpec("--outcomes", value: "FILE", help: "a file"),
            OptionSpec(flag: "--retry-rejected", help: "again"),
          ]), writes: true),
      JobVerb(CommandSpec("delta", summary: "one word"), writes: true),
      JobVerb(CommandSpec("delta drift", summary: "two words"), writes: false),
    ], globals: [OptionSpec("--seed", value: "N", help: "seed")])

  @Test(arguments: [
    ("index", ["/pictures", "--population", "real"]),
    ("index", ["pictures", "--population=real", "--seed", "7", "--outcomes", "reports/x.csv"]),
    ("delta", []), ("delta drift", []),
  ])
  func `good words are taken`(verb: String, arguments: [String]) throws {
    #expect(try Self.verbs.check(verb, arguments).name == verb)
  }

  @Test(arguments: [
    ("serve", [], "'serve' cannot be a job"),
    ("index", ["x"], "index needs --population P"),
    ("index", ["x", "--population", "moon"], "--population takes real"),
    (
      "index", ["x", "--population", "real", "--workspace", "/other"], "unknown option --workspace"
    ),
    ("index", ["x", "--population", "real", "--outcomes", "/etc/passwd"], "lie in the workspace"),
    ("index", ["x", "--population", "real", "--outcomes", "a/../../b"], "lie in the workspace"),
    ("index", ["x", "--population", "real", "--help"], "another command"),
    ("index", ["x", "y", "--population", "real"], "does not know what to do"),
    ("index", ["x\u{0}", "--population", "real"], "without zero bytes"),
    ("index", [String(repeating: "x", count: 5000), "--population", "real"], "4096 bytes"),
    ("delta", ["drift"], "another command"),
    ("index", ["--version", "--population", "real"], "another command"),
  ])
  func `other words are refused with a reason`(
    verb: String, arguments: [String], reason: String
  ) throws {
    let error = #expect(throws: ServiceError.self) { try Self.verbs.check(verb, arguments) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test func `priorities and attempts have bounds`() {
    for (priority, attempts) in [(11, 1), (-11, 1), (0, 0), (0, 6)] {
      #expect(throws: ServiceError.self) {
        try NewJob("delta", [], among: Self.verbs, priority: priority, attempts: attempts, by: "me")
      }
    }
  }

  @Test func `the document says what a form must ask`() {
    let index = Self.verbs.document[0]
    #expect(index["verb"] == "index")
    #expect(index["writes"] == true)
    #expect(index["positionals"]?[0]?["name"] == "PATH")
    #expect(index["options"]?[0]?["allowed"] == ["real"])
    #expect(index["options"]?[2]?["value"] == .null)
  }
}
