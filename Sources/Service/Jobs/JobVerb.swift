public import Arguments
public import Diagnostics
internal import Files

/// A command that may run as a job.
public struct JobVerb: Equatable, Sendable {
  public var spec: CommandSpec
  /// True where it changes the workspace: one such job runs at a time.
  public var writes: Bool

  public init(_ spec: CommandSpec, writes: Bool) {
    self.spec = spec
    self.writes = writes
  }

  public var name: String { spec.name }
}

/// Every command that may run as a job, and the rules for its words.
public struct JobVerbs: Sendable {
  /// Most arguments of a job, and most bytes of one.
  public static let mostArguments = 256
  public static let longestArgument = 4096

  public let verbs: [JobVerb]
  private let parser: ArgumentParser

  /// - Parameter globals: the options that every one of them takes, and a job may give.
  public init(_ verbs: [JobVerb], globals: [OptionSpec]) {
    self.verbs = verbs
    parser = ArgumentParser(
      CommandTable(
        program: "d2r-curate", summary: "", commands: verbs.map(\.spec), globals: globals))
  }

  /// The verb, where the arguments are such that it would understand them and keep its files inside
  /// the workspace.
  /// - Throws: `invalid`, saying what is wrong with which word.
  public func check(_ verb: String, _ arguments: [String]) throws(ServiceError) -> JobVerb {
    guard let known = verbs.first(where: { $0.name == verb }) else {
      throw ServiceError(
        .invalid, "'\(Self.shown(verb))' cannot be a job",
        hint: "one of: " + verbs.map(\.name).joined(separator: ", "))
    }
    guard arguments.count <= Self.mostArguments,
      arguments.allSatisfy({ $0.utf8.count <= Self.longestArgument && !$0.utf8.contains(0) })
    else {
      throw ServiceError(
        .invalid,
        "a job takes at most \(Self.mostArguments) arguments of \(Self.longestArgument) bytes,"
          + " without zero bytes")
    }
    let invocation: Invocation
    do throws(ArgumentError) {
      invocation = try parser.parse(known.spec.path + arguments)
    } catch {
      throw ServiceError(.invalid, error.message, hint: error.hint)
    }
    guard invocation.wish == .run, invocation.command == verb else {
      throw ServiceError(.invalid, "the arguments make another command of '\(verb)'")
    }
    try keepsInside(known.spec, invocation)
    return known
  }

  /// Files that a job reads or writes lie in the workspace; only `index` reads pictures elsewhere.
  private func keepsInside(_ spec: CommandSpec, _ invocation: Invocation) throws(ServiceError) {
    var named: [String] = []
    for option in spec.options where Self.placeholders.contains(option.value ?? "") {
      named += invocation.strings(option.name)
    }
    for positional in spec.positionals where Self.placeholders.contains(positional.name) {
      named += invocation.positionals(positional.name)
    }
    for path in named {
      let isInside = !path.hasPrefix("/") && !Paths.normalised(path).hasPrefix("..")
      guard isInside else {
        throw ServiceError(
          .invalid, "a job's files lie in the workspace, and '\(Self.shown(path))' does not",
          hint: "name it relative to the workspace, such as reports/\(Paths.lastComponent(path))")
      }
    }
  }

  private static let placeholders: Set<String> = ["FILE", "DIR", "FOLDER", "ROWS", "OTHERS"]

  private static func shown(_ word: String) -> String { String(word.prefix(80)) }
}

// MARK: documents

extension JobVerbs {
  /// One object per verb: what a form needs to ask for a job.
  public var document: [JSONValue] { verbs.map(\.document) }
}

extension JobVerb {
  var document: JSONValue {
    [
      "verb": .string(name), "summary": .string(spec.summary), "writes": .bool(writes),
      "positionals": .array(
        spec.positionals.map { positional in
          [
            "name": .string(positional.name), "help": .string(positional.help),
            "required": .bool(
              positional.arity == .required || positional.arity == .variadic(atLeastOne: true)),
          ]
        }),
      "options": .array(spec.options.map(Self.document)),
    ]
  }

  private static func document(_ option: OptionSpec) -> JSONValue {
    [
      "name": .string(option.name), "value": JSONValue(option.value, JSONValue.string),
      "help": .string(option.help),
      "allowed": option.allowed.isEmpty ? .null : .array(option.allowed.map(JSONValue.string)),
      "default": JSONValue(option.defaultText, JSONValue.string),
      "repeatable": .bool(option.isRepeatable), "required": .bool(option.isRequired),
    ]
  }
}
