/// Everything a command line understands: the one table behind parsing, help and completion.
public struct CommandTable: Equatable, Sendable {
  /// The word the program is called by.
  public var program: String
  /// What the program is, in one sentence; opens the overall help.
  public var summary: String
  public var commands: [CommandSpec]
  /// Options every command takes, before or after its name.
  public var globals: [OptionSpec]
  /// The last lines of the overall help.
  public var footer: String

  public init(
    program: String, summary: String, commands: [CommandSpec], globals: [OptionSpec],
    footer: String = ""
  ) {
    self.program = program
    self.summary = summary
    self.commands = commands
    self.globals = globals
    self.footer = footer
  }

  /// The command of exactly this name.
  public func command(named name: String) -> CommandSpec? {
    commands.first { $0.name == name }
  }

  /// The two-word commands that begin with `word`, in table order.
  public func family(of word: String) -> [CommandSpec] {
    commands.filter { $0.path.count == 2 && $0.path[0] == word }
  }

  /// Every word that can stand first, in table order, each once.
  public var firstWords: [String] {
    var words: [String] = []
    for command in commands where !words.contains(command.path[0]) {
      words.append(command.path[0])
    }
    return words
  }
}
