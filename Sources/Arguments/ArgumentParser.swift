/// Reads a command line by a table.
///
/// Options may stand anywhere after the command, globals also before it; `--name value` and
/// `--name=value` mean the same; after `--` everything is positional; a negative number is a value
/// or a positional, never an option. `--help`, `-h`, a leading `help` and an empty line ask for
/// help; `--version` asks for the version.
public struct ArgumentParser: Sendable {
  let table: CommandTable

  public init(_ table: CommandTable) { self.table = table }

  /// What `arguments`, the program's name left out, ask for.
  /// Throws the first mistake met from left to right, then whatever is missing at the end.
  public func parse(_ arguments: [String]) throws(ArgumentError) -> Invocation {
    if arguments.isEmpty { return invocation(.help, path: []) }
    if arguments[0] == "help" { return try topic(Array(arguments.dropFirst())) }
    var reading = ArgumentReading(table: table, arguments: arguments)
    try reading.readAll()
    if reading.asksForHelp { return invocation(.help, path: reading.path) }
    if reading.asksForVersion { return invocation(.version, path: reading.path) }
    let command = try reading.finish()
    return Invocation(
      wish: .run, path: command.path, program: table.program,
      specs: command.options + table.globals, positionalSpecs: command.positionals,
      values: reading.values, words: reading.words)
  }

  private func topic(_ words: [String]) throws(ArgumentError) -> Invocation {
    var reading = ArgumentReading(table: table, arguments: words.filter { !$0.hasPrefix("-") })
    try reading.readCommandWords()
    return invocation(.help, path: reading.path)
  }

  private func invocation(_ wish: Invocation.Wish, path: [String]) -> Invocation {
    Invocation(
      wish: wish, path: path, program: table.program, specs: table.globals, positionalSpecs: [],
      values: [:], words: [])
  }
}
