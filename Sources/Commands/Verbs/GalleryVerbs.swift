import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain
import VectorStorage

/// `gallery list`
enum GalleryListVerb: Verb {
  static let spec = CommandSpec(
    "gallery list", group: "Galleries", summary: "list the sealed galleries",
    examples: [CommandExample("d2r-curate gallery list", "name, vectors, key, state")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let galleries = try await surroundings.withRunner { try await $0.catalog.galleries() }
    for gallery in galleries {
      surroundings.console.out(
        """
        \(gallery.name)  \(HumanNumbers.count(gallery.vectors)) vectors  key \(gallery.keyID)  \
        \(gallery.state.rawValue)  \(gallery.sealedAt)
        """)
    }
    if galleries.isEmpty { surroundings.console.note("none; seal one with: gallery seal") }
    surroundings.console.out(
      json: .array(
        galleries.map { gallery in
          [
            "name": .string(gallery.name), "vectors": .int(gallery.vectors),
            "key": .string(gallery.keyID), "digest": .string(gallery.digest),
            "state": .string(gallery.state.rawValue), "sealedAt": .string(gallery.sealedAt),
          ]
        }))
    return .clean
  }
}

/// `gallery log`
enum GalleryLogVerb: Verb {
  static let spec = CommandSpec(
    "gallery log", group: "Galleries", summary: "show who used a sealed gallery, and for what",
    discussion: "The log is append-only and is written before a gallery is opened.",
    examples: [CommandExample("d2r-curate gallery log", "one line per access")],
    positionals: [PositionalSpec("NAME", help: "one gallery's lines only", arity: .optional)])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let name = invocation.positional("NAME")
    let lines = try await surroundings.withRunner { context in
      if let name, try await !context.catalog.galleries().contains(where: { $0.name == name }) {
        throw CurationError(
          .missingInput, "there is no sealed gallery named \(name)",
          hint: "see which there are: d2r-curate gallery list")
      }
      return try await context.catalog.accesses(gallery: name)
    }
    for line in lines {
      surroundings.console.out(
        """
        \(line.accessedAt)  \(line.gallery)  \(line.action.rawValue)  \(line.verb)  \
        \(line.author)  \(HumanNumbers.count(line.vectors)) vectors  \
        \(HumanNumbers.count(line.comparisons)) comparisons
        """)
    }
    surroundings.console.out(
      json: .array(
        lines.map { line in
          [
            "at": .string(line.accessedAt), "gallery": .string(line.gallery),
            "action": .string(line.action.rawValue), "verb": .string(line.verb),
            "author": .string(line.author), "vectors": .int(line.vectors),
            "comparisons": .int(line.comparisons),
          ]
        }))
    return .clean
  }
}

/// `gallery seal`
enum GallerySealVerb: Verb {
  static let spec = CommandSpec(
    "gallery seal", group: "Galleries",
    summary: "keep only encrypted vectors of a gallery, under opaque names",
    discussion: """
      Replaces what the workspace holds of an indexed gallery by encrypted identity vectors: paths,
      names, landmarks, digests, and the small grey crops of the pixel space go. Without the pixel
      space a leak cannot be told apart as the same photograph or the same person. Your picture
      files stay where they are. From then on whatever compares with the gallery needs the key.
      """,
    examples: [
      CommandExample("d2r-curate gallery seal --key g.key", "makes g.key where there is none"),
      CommandExample(
        "d2r-curate gallery seal --passphrase words.txt", "the passphrase is the first line"),
    ],
    options: [
      OptionSpec(
        "--population", value: "P", help: "the gallery's population", defaultText: "reference",
        allowed: ["real", "reference"]),
      OptionSpec("--name", value: "NAME", help: "its name", defaultText: "the population"),
      OptionSpec("--key", value: "FILE", help: "key file; made where there is none"),
      OptionSpec(
        "--passphrase", value: "FILE",
        help: "take the first line of a file of mode 0600 instead of a key"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let population = invocation.string("--population").flatMap(Population.init) ?? .reference
    let name = invocation.string("--name") ?? population.rawValue
    guard !surroundings.options.isDryRun else {
      let counts = try await surroundings.withRunner { try await $0.catalog.counts() }
      let images = counts.images.first { $0.population == population }?.images ?? 0
      surroundings.console.out("would seal \(images) images as gallery \(name)")
      return .clean
    }
    _ = try surroundings.workspace()
    let step = SealedGallery(
      SealedGallery.Options(
        population: population, name: name, key: try GalleryKeys.sealing(invocation)))
    let report = try await surroundings.withRunner { try await step.run(in: $0) }
    surroundings.console.note("reports written before may show this gallery: look through reports/")
    return surroundings.show(report)
  }
}

/// `gallery export NAME FILE`
enum GalleryExportVerb: Verb {
  static let spec = CommandSpec(
    "gallery export", group: "Galleries",
    summary: "write a sealed gallery as one file, to hand it on without pictures",
    discussion: """
      The file holds encrypted vectors and opaque names. With --key it is locked by another key
      than the workspace's, so that yours need not leave the house; give that key to the recipient
      by another way than the file.
      """,
    examples: [
      CommandExample(
        "d2r-curate gallery export reference staff.sealed --gallery-key g.key --key theirs.key",
        "theirs.key is made where there is none")
    ],
    positionals: [
      PositionalSpec("NAME", help: "the gallery"),
      PositionalSpec("FILE", help: "the file to write"),
    ],
    options: [
      OptionSpec("--key", value: "FILE", help: "lock the file with this key; made if not there"),
      OptionSpec("--passphrase", value: "FILE", help: "lock it with the first line of this file"),
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let name = invocation.positional("NAME") ?? ""
    let file = invocation.positional("FILE") ?? ""
    guard !surroundings.options.isDryRun else {
      surroundings.console.out("would write gallery \(name) to \(file)")
      return .clean
    }
    let isLockedAnew = invocation.string("--key") ?? invocation.string("--passphrase") != nil
    let key = isLockedAnew ? try GalleryKeys.sealing(invocation) : nil
    let report = try await surroundings.withRunner {
      try await SealedExchange.export(name, to: file, under: key, in: $0)
    }
    return surroundings.show(report)
  }
}

/// `gallery import FILE`
enum GalleryImportVerb: Verb {
  static let spec = CommandSpec(
    "gallery import", group: "Galleries", summary: "take in a sealed gallery's file",
    discussion: "Needs its key, to check every byte. What is stored is encrypted again.",
    examples: [
      CommandExample(
        "d2r-curate gallery import staff.sealed --gallery-key theirs.key",
        "leaks --gallery reference then compares with it")
    ],
    positionals: [PositionalSpec("FILE", help: "what gallery export wrote")],
    options: [OptionSpec("--name", value: "NAME", help: "its name", defaultText: "as exported")])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let file = invocation.positional("FILE") ?? ""
    let keys = surroundings.galleryKeys
    guard !surroundings.options.isDryRun else {
      _ = try SealedFile.readGallery(file, with: keys)
      surroundings.console.out("would take in \(file)")
      return .clean
    }
    let name = invocation.string("--name")
    let report = try await surroundings.withRunner {
      try await SealedExchange.import(file, as: name, with: keys, in: $0)
    }
    return surroundings.show(report)
  }
}

/// The keys that galleries are sealed with.
enum GalleryKeys {
  /// The key that `--key` or `--passphrase` names; a key file is made where there is none.
  static func sealing(_ invocation: Invocation) throws -> SealingKey {
    switch (invocation.string("--key"), invocation.string("--passphrase")) {
    case (let path?, nil):
      return CertificateKeys.exists(path)
        ? try SealingKey.read(path) : try SealingKey.create(at: path)
    case (nil, let path?): return try SealingKey.passphrase(in: path)
    default: throw invocation.usageError("give --key FILE or --passphrase FILE")
    }
  }
}
