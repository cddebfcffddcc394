import Arguments
import Cryptography
import Curation
import Diagnostics
import Files

/// `certify`
enum CertifyVerb: Verb {
  static let spec = CommandSpec(
    "certify", group: "Report", summary: "sign a certificate of the leak search in force",
    discussion: """
      Writes leak-certificate.json and the same as a page for one printed sheet,
      leak-certificate.html: what was compared with what, at which threshold, what was found, what
      became of it, and what may have been missed. Neither names a file. Hits that nobody decided
      about make it "not clean"; a stale leak search is refused. The signing key is made at first
      use. See docs/certificate.md.
      """,
    examples: [
      CommandExample("d2r-curate certify", "into the workspace's reports/certificate"),
      CommandExample("d2r-curate certify --output . --key lab.key", "signed with another key"),
    ],
    options: [
      OptionSpec(
        "--output", value: "DIR", help: "where to write", defaultText: "reports/certificate"),
      KeysOptions.key,
    ],
    exitCodes:
      "0 every hit was decided\n1 hits wait for a decision\n2 refused or could not finish\n64 wrong usage"
  )

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let workspace = try surroundings.workspace()
    let threads = surroundings.options.threads
    let step = CertificateStep(
      documented: surroundings.installation.documentedThresholds(workspace.settings),
      builder: { try SearchOptions.builder(named: $0, threads: threads) })
    let draft = try await surroundings.withRunner { context in
      try await step.draft(issuedAt: Clock.now(), in: context)
    }
    let console = surroundings.console
    console.out(draft["sentence"]?.stringValue ?? "")
    console.out(draft["exposure"]?["sentence"]?.stringValue ?? "")
    let code: ExitCode = draft["verdict"]?.stringValue == "findings" ? .findings : .clean
    guard !surroundings.options.isDryRun else {
      console.out(json: draft)
      return code
    }
    let key = try surroundings.signingKey(invocation)
    let folder =
      invocation.string("--output") ?? Paths.join(workspace.reportsFolder, "certificate")
    try FileSystem.makeFolder(folder)
    var document = draft
    let sheet = CertificatePage(document: draft, fingerprint: key.publicKey.fingerprint).sheet
    document["page"] = .string(sheet.digest)
    let signed = SignedDocument.sign(document, by: key)
    let files = ["json", "html"].map { Paths.join(folder, "leak-certificate.\($0)") }
    try AtomicFile.write(signed, to: files[0])
    try AtomicFile.write(sheet.holding(signed), to: files[1])
    for file in files { console.out(file) }
    console.out("signed by \(key.publicKey.fingerprint)")
    console.out(json: [
      "files": .array(files.map { .string($0) }),
      "fingerprint": .string(key.publicKey.fingerprint), "certificate": document,
    ])
    return code
  }
}
