import Arguments
import Cryptography
import Curation
import Diagnostics
import FaceEncoding
import Files

/// `verify FILE`: a certificate or a purge statement.
enum SignedFileCheck {
  static let options = [
    OptionSpec(
      "--public-key", value: "KEY",
      help: "who must have signed: a .pub file, its 64 digits, or a fingerprint"),
    OptionSpec(
      "--replay", value: "N",
      help: "compute all hits and N random comparisons again in the workspace"),
    OptionSpec(
      "--pictures-again", value: "M", help: "with --replay: read and embed M random pictures again"),
  ]

  private static let largestFile = 1 << 28

  static func run(
    _ path: String, _ invocation: Invocation, in surroundings: Surroundings
  ) async throws -> ExitCode {
    let bytes = try FileReader.read(path, limit: largestFile)
    let console = surroundings.console
    let signed: SignedDocument
    do {
      signed =
        try CertificateSheet.isPage(bytes)
        ? CertificateSheet.read(bytes) : SignedDocument(bytes)
    } catch let error as CurationError where error.code == .notTrusted {
      console.out(error.message)
      console.out(json: ["valid": false, "reason": .string(error.message)])
      return .findings
    }
    var fields: [String: JSONValue] = [
      "valid": true, "fingerprint": .string(signed.signer.fingerprint),
      "kind": signed.document["kind"] ?? nil, "issuedAt": signed.document["issuedAt"] ?? nil,
    ]
    let isAccepted = try signerLine(signed, invocation, surroundings, &fields)
    show(signed.document, console)
    var problems = isAccepted ? [] : ["it was signed by another key than the one expected"]
    if let count = try invocation.int("--replay", in: 0...10_000_000) {
      problems += try await replay(signed, count, invocation, surroundings, &fields)
    }
    for problem in problems { console.out("differs: \(problem)") }
    fields["problems"] = .array(problems.map { .string($0) })
    console.out(json: .object(fields))
    return problems.isEmpty ? .clean : .findings
  }

  /// Says who signed; false where somebody else was expected.
  private static func signerLine(
    _ signed: SignedDocument, _ invocation: Invocation, _ surroundings: Surroundings,
    _ fields: inout [String: JSONValue]
  ) throws -> Bool {
    let fingerprint = signed.signer.fingerprint
    guard let pin = invocation.string("--public-key") else {
      let own = CertificateKeys.standardPath(environment: surroundings.environment)
      let isOwn =
        (try? CertificateKeys.isPinned(
          signed.signer, by: CertificateKeys.publicPath(of: own))) == true
      surroundings.console.out(
        isOwn
          ? "unchanged since it was signed by your own key \(fingerprint)"
          : "unchanged since it was signed by key \(fingerprint), not checked against a known key")
      fields["signer"] = isOwn ? "own" : "unknown"
      return true
    }
    let isExpected = try CertificateKeys.isPinned(signed.signer, by: pin)
    surroundings.console.out(
      isExpected
        ? "unchanged since it was signed by the expected key \(fingerprint)"
        : "unchanged since it was signed, but by key \(fingerprint)")
    fields["signer"] = isExpected ? "expected" : "other"
    return isExpected
  }

  private static func show(_ document: JSONValue, _ console: Console) {
    switch document["kind"]?.stringValue {
    case CertificateStep.kind:
      console.out("leak certificate of \(document["issuedAt"]?.stringValue ?? "")")
      console.out(document["sentence"]?.stringValue ?? "")
      console.out(document["exposure"]?["sentence"]?.stringValue ?? "")
    case SealedPurge.kind:
      let gallery = document["gallery"] ?? .null
      console.out(
        "purge statement of \(document["issuedAt"]?.stringValue ?? ""): gallery "
          + "\(gallery["name"]?.stringValue ?? ""), \(gallery["vectors"]?.intValue ?? 0) vectors")
      for line in document["means"]?.arrayValue ?? [] { console.out("  \(line.stringValue ?? "")") }
    case let kind: console.out("signed document of kind \(kind ?? "unknown")")
    }
  }

  private static func replay(
    _ signed: SignedDocument, _ count: Int, _ invocation: Invocation,
    _ surroundings: Surroundings, _ fields: inout [String: JSONValue]
  ) async throws -> [String] {
    if signed.document["kind"]?.stringValue == SealedPurge.kind {
      return try await surroundings.withRunner {
        try await SealedPurge.remains(of: signed.document, in: $0)
      }
    }
    let pictures = try invocation.int("--pictures-again", in: 0...1_000_000) ?? 0
    let seed =
      invocation.string("--seed") == nil
      ? CertificateReplay.derivedSeed(of: signed) : surroundings.options.seed
    let replay = CertificateReplay(
      CertificateReplay.Options(comparisons: count, pictures: pictures, seed: seed),
      chains: pictures > 0 ? try surroundings.reencodingChains() : nil)
    let document = signed.document
    let result = try await surroundings.withRunner { try await replay.run(document, in: $0) }
    let console = surroundings.console
    for note in result.notes { console.note(note) }
    console.out(
      """
      replayed with seed \(seed): \(HumanNumbers.count(result.hits)) hits, \
      \(HumanNumbers.count(result.comparisons)) comparisons, \
      \(HumanNumbers.count(result.pictures)) pictures (\(result.identicalPictures) equal to the bit)
      """)
    fields["replay"] = [
      "seed": .string("\(seed)"), "hits": .int(result.hits),
      "comparisons": .int(result.comparisons), "pictures": .int(result.pictures),
      "identicalPictures": .int(result.identicalPictures),
      "notes": .array(result.notes.map { .string($0) }),
    ]
    return result.problems
  }
}

extension Surroundings {
  /// What embeds pictures as `index` did, with a face found and without.
  fileprivate func reencodingChains() throws -> CertificateReplay.Chains {
    let settings = try workspace().settings
    return CertificateReplay.Chains(
      detecting: try installation.chain(settings, crop: .auto),
      assuming: try installation.chain(settings, crop: .aligned))
  }
}
