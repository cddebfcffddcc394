/// Help as text, made from the same table as the parser.
public struct HelpRenderer: Sendable {
  let table: CommandTable
  let columns: Int

  /// Lines are at most `columns` wide, except where a single word is longer.
  /// - Precondition: `columns` is at least 40.
  public init(_ table: CommandTable, columns: Int = 80) {
    precondition(columns >= 40)
    self.table = table
    self.columns = columns
  }

  /// The help for what `path` names, as an `Invocation` holds it: one command, the commands that
  /// share a first word, or everything. Ends with a newline.
  public func help(for path: [String]) -> String {
    if path.count == 1, !table.family(of: path[0]).isEmpty { return family(path[0]) }
    return table.command(named: path.joined(separator: " ")).map(command) ?? overall()
  }

  /// What the program is and all its commands, by group.
  public func overall() -> String {
    var page = HelpPage(columns: columns)
    page.paragraph("usage: \(table.program) COMMAND [OPTIONS]")
    page.paragraph(table.summary)
    var groups: [String] = []
    for command in table.commands where !groups.contains(command.group) {
      groups.append(command.group)
    }
    let width = table.commands.map(\.name.count).max() ?? 0
    for group in groups {
      let rows = table.commands.filter { $0.group == group }.map { ($0.name, $0.summary) }
      page.section(group, rows: rows, leftWidth: width)
    }
    page.section("Options of every command", rows: optionRows(table.globals))
    page.paragraph("\(table.program) COMMAND --help tells more about a command.")
    page.paragraph(table.footer)
    return page.text
  }

  /// Everything about one command.
  public func command(_ command: CommandSpec) -> String {
    var page = HelpPage(columns: columns)
    page.paragraph("usage: " + usage(command))
    page.paragraph(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
    page.paragraph(command.discussion)
    page.section("Arguments", rows: command.positionals.map { ($0.name, $0.help) })
    page.section("Options", rows: optionRows(command.options))
    page.section("Options of every command", rows: optionRows(table.globals))
    page.examples(command.examples)
    page.lines("Exit codes", command.exitCodes ?? "")
    return page.text
  }

  /// The command line a command wants, such as `tool index PATH --population NAME [OPTIONS]`.
  public func usage(_ command: CommandSpec) -> String {
    let needed = command.options.filter(\.isRequired).map { "\($0.name) \($0.value ?? "")" }
    let isOptional = command.options.count > needed.count || !table.globals.isEmpty
    let parts =
      [table.program] + command.path + command.positionals.map(\.usage) + needed
      + (isOptional ? ["[OPTIONS]"] : [])
    return parts.joined(separator: " ")
  }

  private func family(_ word: String) -> String {
    var page = HelpPage(columns: columns)
    let own = table.command(named: word)
    let members = (own.map { [$0] } ?? []) + table.family(of: word)
    for (place, member) in members.enumerated() {
      page.line((place == 0 ? "usage: " : "       ") + usage(member))
    }
    page.section("Commands", rows: members.map { ($0.name, $0.summary) })
    if let own {
      page.paragraph(own.discussion)
      page.section("Options of \(own.name)", rows: optionRows(own.options))
    }
    page.section("Options of every command", rows: optionRows(table.globals))
    if let own {
      page.examples(own.examples)
      page.lines("Exit codes of \(own.name)", own.exitCodes ?? "")
    }
    page.paragraph("\(table.program) \(members[0].name) --help tells more about a command.")
    return page.text
  }

  private func optionRows(_ options: [OptionSpec]) -> [(String, String)] {
    options.map { option in
      var left = option.short.map { "\($0), " } ?? ""
      left += option.name + (option.value.map { " \($0)" } ?? "")
      var notes: [String] = []
      if !option.allowed.isEmpty {
        notes.append("one of " + option.allowed.joined(separator: ", "))
      }
      if option.isRequired { notes.append("needed") }
      if option.isRepeatable { notes.append("may be repeated") }
      if let text = option.defaultText { notes.append("default: \(text)") }
      let note = notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")"
      return (left, option.help + note)
    }
  }
}

extension PositionalSpec {
  /// The placeholder as the usage line shows it: `PATH`, `[PATH]`, `PATH...` or `[PATH...]`.
  public var usage: String {
    switch arity {
    case .required: name
    case .optional: "[\(name)]"
    case .variadic(let atLeastOne): atLeastOne ? "\(name)..." : "[\(name)...]"
    }
  }
}
