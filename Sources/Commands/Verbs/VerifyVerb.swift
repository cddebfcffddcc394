import Arguments
import Cataloging
import Curation
import Diagnostics

/// `verify`
enum VerifyVerb: Verb {
  static let spec = CommandSpec(
    "verify", group: "Look after",
    summary: "check a workspace, or a signed certificate",
    discussion: """
      With FILE: checks that a certificate (JSON or page) or a purge statement is what was signed,
      and with --replay that its workspace still gives the same. Without FILE:

      Reads every shard and every generated picture and compares checksums, row counts and digests.
      With --pictures the indexed pictures are compared with their SHA-256 too. Also prints the
      content digest, equal for two workspaces with equal content, and the ledger's head: how many
      decisions there are and the hash that chains them. Note it, and --ledger-head finds later
      whether decisions were changed or cut off.
      """,
    examples: [
      CommandExample("d2r-curate verify", "exit code 1 when something disagrees"),
      CommandExample(
        "d2r-curate verify leak-certificate.html --public-key lab.pub", "who signed, and what"),
      CommandExample(
        "d2r-curate verify leak-certificate.json --replay 1000", "recomputed in the workspace"),
    ],
    positionals: [
      PositionalSpec("FILE", help: "a certificate or statement", arity: .optional)
    ],
    options: [
      OptionSpec(flag: "--pictures", help: "hash the indexed pictures too"),
      OptionSpec(
        "--ledger-head", value: "COUNT:HASH", help: "a head noted earlier, to be continued"),
      OptionSpec(flag: "--ignore-roots", help: "leave folder paths out of the content digest"),
    ] + SignedFileCheck.options,
    exitCodes: "0 all agrees\n1 something disagrees\n2 could not finish\n64 wrong usage")

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    if let file = invocation.positional("FILE") {
      return try await SignedFileCheck.run(file, invocation, in: surroundings)
    }
    var check = WorkspaceCheck(
      hashesPictures: invocation.flag("--pictures"),
      ignoresRoots: invocation.flag("--ignore-roots"))
    if let noted = invocation.string("--ledger-head") {
      guard let head = LedgerHead(text: noted) else {
        throw invocation.usageError("\(noted) is no ledger head: COUNT:HASH, as verify prints it")
      }
      check.notedLedger = head
    }
    let result = try await surroundings.withRunner { [check] in try await check.run(in: $0) }
    let console = surroundings.console
    for problem in result.problems { console.out("\(problem.subject): \(problem.message)") }
    console.out("content \(result.contentDigest)")
    console.out("ledger \(result.ledger.text)")
    console.out(
      """
      \(HumanNumbers.count(result.shards)) shards, \(HumanNumbers.count(result.pictures)) pictures \
      checked, \(result.problems.count) problems
      """)
    if result.unnamedShards > 0 {
      console.note(
        "\(result.unnamedShards) shards that nobody names, left by a cut-off run: harmless")
    }
    console.out(json: [
      "ledger": ["count": .int(result.ledger.count), "hash": .string(result.ledger.hash)],
      "unnamedShards": .int(result.unnamedShards), "content": .string(result.contentDigest),
      "shards": .int(result.shards),
      "pictures": .int(result.pictures),
      "problems": .array(
        result.problems.map {
          ["subject": .string($0.subject), "message": .string($0.message)]
        }),
    ])
    return result.problems.isEmpty ? .clean : .findings
  }
}
