import Arguments
import Cryptography
import Curation
import Diagnostics

/// The option of the verbs that sign.
enum KeysOptions {
  static let key = OptionSpec(
    "--key", value: "FILE", help: "the key that signs",
    defaultText: "signing.key in the user's configuration folder")
}

/// `keys create`
enum KeysCreateVerb: Verb {
  static let spec = CommandSpec(
    "keys create", group: "Set up", summary: "make the key that signs certificates",
    discussion: """
      An Ed25519 key in a file of mode 0600 in your own configuration folder, never in a workspace,
      and its open half beside it, for those who check. A key that is there is never replaced.
      """,
    examples: [CommandExample("d2r-curate keys create", "prints the fingerprint")],
    options: [KeysOptions.key])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let path = surroundings.keyPath(invocation)
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would make a key in \(path)")
      return .clean
    }
    KeyLines.show(try CertificateKeys.create(at: path), at: path, surroundings.console)
    return .clean
  }
}

/// `keys show`
enum KeysShowVerb: Verb {
  static let spec = CommandSpec(
    "keys show", group: "Set up", summary: "show the fingerprint of the key that signs",
    discussion: "Whoever checks your certificates compares this, or takes the .pub file.",
    examples: [CommandExample("d2r-curate keys show", "fingerprint and the file of the open half")],
    options: [KeysOptions.key])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let path = surroundings.keyPath(invocation)
    guard CertificateKeys.exists(path) else {
      throw CurationError(
        .missingInput, "there is no key that signs in \(path)",
        hint: "make one with: d2r-curate keys create")
    }
    KeyLines.show(try CertificateKeys.read(path), at: path, surroundings.console)
    return .clean
  }
}

/// How a key is shown.
private enum KeyLines {
  static func show(_ key: SigningKey, at path: String, _ console: Console) {
    console.out(key.publicKey.fingerprint)
    console.out("public key: \(CertificateKeys.publicPath(of: path))")
    console.out(json: [
      "fingerprint": .string(key.publicKey.fingerprint),
      "publicKey": .string(Hex.string(key.publicKey.bytes)),
      "file": .string(CertificateKeys.publicPath(of: path)),
    ])
  }
}

extension Surroundings {
  /// The file of the key that signs: named, else the user's own.
  func keyPath(_ invocation: Invocation) -> String {
    invocation.string("--key") ?? CertificateKeys.standardPath(environment: environment)
  }

  /// The key that signs; the user's own is made at first use.
  func signingKey(_ invocation: Invocation) throws -> SigningKey {
    let path = keyPath(invocation)
    if invocation.string("--key") == nil, !CertificateKeys.exists(path) {
      let key = try CertificateKeys.create(at: path)
      console.note("made a key that signs: \(path); keep a copy of it")
      return key
    }
    return try CertificateKeys.read(path)
  }
}
