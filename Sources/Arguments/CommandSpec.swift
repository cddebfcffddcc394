/// One argument of a command that is told by its place.
public struct PositionalSpec: Equatable, Sendable {
  /// How often the argument may stand on the command line.
  public enum Arity: Equatable, Sendable {
    /// Exactly once.
    case required
    /// Once or not at all.
    case optional
    /// Any number of times, at least once when `atLeastOne`; only the last positional may be so.
    case variadic(atLeastOne: Bool)
  }

  /// The placeholder, in capitals, such as `PATH`.
  public var name: String
  public var help: String
  public var arity: Arity

  public init(_ name: String, help: String, arity: Arity = .required) {
    self.name = name
    self.help = help
    self.arity = arity
  }
}

/// A command line worth showing, with what it does.
public struct CommandExample: Equatable, Sendable {
  public var line: String
  public var effect: String

  public init(_ line: String, _ effect: String) {
    self.line = line
    self.effect = effect
  }
}

/// One command, as data.
public struct CommandSpec: Equatable, Sendable {
  /// One or two words, such as `index` or `report tsne`.
  public var name: String
  /// The heading the command stands under in the overall help.
  public var group: String
  /// One line without a full stop.
  public var summary: String
  /// What the command does at length: paragraphs separated by empty lines.
  public var discussion: String
  public var examples: [CommandExample]
  public var positionals: [PositionalSpec]
  public var options: [OptionSpec]
  /// What the exit codes mean, one a line; nil leaves the section out.
  public var exitCodes: String?

  /// - Precondition: the name has one or two words and only the last positional is variadic.
  public init(
    _ name: String, group: String = "Commands", summary: String, discussion: String = "",
    examples: [CommandExample] = [], positionals: [PositionalSpec] = [],
    options: [OptionSpec] = [], exitCodes: String? = nil
  ) {
    self.name = name
    self.group = group
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.positionals = positionals
    self.options = options
    self.exitCodes = exitCodes
    precondition((1...2).contains(path.count), "a command has one or two words")
    precondition(
      positionals.dropLast().allSatisfy { $0.arity == .required || $0.arity == .optional },
      "only the last positional may repeat")
  }

  /// The words of the name.
  public var path: [String] { name.split(separator: " ").map(String.init) }
}
