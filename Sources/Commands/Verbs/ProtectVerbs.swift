import Arguments
import Cataloging
import Curation
import Diagnostics
import Domain
import Files

/// What `protect` and `unprotect` are about.
private enum Chosen {
  static let positional = PositionalSpec(
    "IMAGE", help: "images by number or path", arity: .variadic(atLeastOne: false))
  static let file = OptionSpec(
    "--from-file", value: "FILE", help: "a text file with one image per line")
  static let author = OptionSpec(
    "--author", value: "NAME", help: "who decides", defaultText: "$USER")

  /// The images named on the line and in the file.
  static func names(_ invocation: Invocation) throws -> [String] {
    var names = invocation.positionals("IMAGE")
    if let file = invocation.string("--from-file") {
      names += try FileReader.readText(file).split(whereSeparator: \.isNewline)
        .map(String.init).filter { !$0.isEmpty }
    }
    guard !names.isEmpty else {
      throw invocation.usageError("name images, or give --from-file FILE")
    }
    return names
  }
}

/// `protect IMAGE...`
enum ProtectVerb: Verb {
  static let spec = CommandSpec(
    "protect", group: "Look after", summary: "keep images in the set, whatever a rule says",
    discussion: """
      A person's decision: dedup, leaks and run list a conflict instead of putting a protected image
      aside. An image in quarantine comes back. unprotect takes it back.
      """,
    examples: [
      CommandExample("d2r-curate protect 17 --reason \"the only profile view\"", "image 17 stays"),
      CommandExample("d2r-curate protect --from-file keep.txt", "one image per line"),
    ],
    positionals: [Chosen.positional],
    options: [
      Chosen.file,
      OptionSpec("--reason", value: "TEXT", help: "why", defaultText: "protected by hand"),
      Chosen.author,
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let names = try Chosen.names(invocation)
    let author = surroundings.author(invocation)
    let reason = invocation.string("--reason") ?? "protected by hand"
    let result = try await surroundings.withRunner { context in
      let lookup = try await ImageLookup(in: context.catalog)
      let decisions = try lookup.images(names).map {
        NewDecision(
          image: $0.id, action: .protect, author: author, rule: "protect",
          reason: reason)
      }
      return try await context.catalog.append(decisions)
    }
    let were = result.unchanged.isEmpty ? "" : ", \(result.unchanged.count) were already"
    surroundings.console.out("\(result.sequences.count) images protected\(were)")
    surroundings.console.out(json: [
      "protected": .int(result.sequences.count), "unchanged": .int(result.unchanged.count),
    ])
    return .clean
  }
}

/// `unprotect IMAGE...`
enum UnprotectVerb: Verb {
  static let spec = CommandSpec(
    "unprotect", group: "Look after", summary: "take a protection back",
    discussion: "The image is then as it was before it was protected.",
    examples: [CommandExample("d2r-curate unprotect 17", "rules decide about image 17 again")],
    positionals: [Chosen.positional], options: [Chosen.file, Chosen.author])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    let names = try Chosen.names(invocation)
    let author = surroundings.author(invocation)
    let lines = try await surroundings.withRunner { context in
      let lookup = try await ImageLookup(in: context.catalog)
      return try await context.catalog.unprotect(
        lookup.images(names).map(\.id), by: author)
    }
    surroundings.console.out("\(lines.count) protections taken back")
    surroundings.console.out(json: ["unprotected": .int(lines.count)])
    return .clean
  }
}
