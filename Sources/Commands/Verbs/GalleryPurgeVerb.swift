import Arguments
import Cryptography
import Curation
import Diagnostics
import Files

/// `gallery purge NAME`
enum GalleryPurgeVerb: Verb {
  static let spec = CommandSpec(
    "gallery purge", group: "Galleries",
    summary: "destroy a sealed gallery and sign a statement of it",
    discussion: """
      Overwrites and removes the encrypted files, and with --destroy-key the key's file too: then no
      copy of the files can be opened, wherever it is. Cannot be undone. The signed statement goes
      to the workspace's reports; verify checks it.
      """,
    examples: [
      CommandExample(
        "d2r-curate gallery purge reference --destroy-key g.key", "writes purge-reference.json")
    ],
    positionals: [PositionalSpec("NAME", help: "the gallery")],
    options: [
      OptionSpec("--destroy-key", value: "FILE", help: "its key's file, to be destroyed too"),
      OptionSpec(
        "--output", value: "DIR", help: "where the statement goes", defaultText: "reports"),
      KeysOptions.key,
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let name = invocation.positional("NAME") ?? ""
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would destroy gallery \(name)")
      return .clean
    }
    // The key and the folder first: afterwards there is nothing left to make a statement of.
    let signer = try surroundings.signingKey(invocation)
    let folder = try invocation.string("--output") ?? surroundings.workspace().reportsFolder
    try FileSystem.makeFolder(folder)
    let request = SealedPurge.Request(
      name: name, keyFile: invocation.string("--destroy-key"), time: Clock.now())
    let statement = try await surroundings.withRunner {
      try await SealedPurge.run(request, in: $0)
    }
    let file = Paths.join(folder, "purge-\(name).json")
    try AtomicFile.write(SignedDocument.sign(statement, by: signer), to: file)
    let console = surroundings.console
    let vectors = statement["gallery"]?["vectors"]?.intValue ?? 0
    let isKeyGone = statement["destroyed"]?["key"]?.boolValue == true
    console.out(
      "gallery \(name): \(HumanNumbers.count(vectors)) vectors destroyed"
        + (isKeyGone ? ", with their key" : "; their key was not"))
    console.out(file)
    console.out("signed by \(signer.publicKey.fingerprint)")
    console.out(json: [
      "file": .string(file), "vectors": .int(vectors), "keyDestroyed": .bool(isKeyGone),
      "fingerprint": .string(signer.publicKey.fingerprint),
    ])
    return .clean
  }
}
