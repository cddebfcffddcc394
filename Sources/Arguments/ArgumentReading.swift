/// The state of reading one command line from left to right.
struct ArgumentReading {
  let table: CommandTable
  let arguments: [String]
  private var position = 0
  /// The command, once its last word was read.
  private(set) var command: CommandSpec?
  /// The first word of a two-word command while its second word is awaited.
  private var prefix: String?
  private(set) var values: [String: [String]] = [:]
  private(set) var words: [String] = []
  private(set) var asksForHelp = false
  private(set) var asksForVersion = false

  init(table: CommandTable, arguments: [String]) {
    self.table = table
    self.arguments = arguments
    asksForHelp = arguments.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }

  var path: [String] { command?.path ?? prefix.map { [$0] } ?? [] }

  /// Reads every argument; where help is asked for, mistakes end the reading silently.
  mutating func readAll() throws(ArgumentError) {
    do throws(ArgumentError) {
      while position < arguments.count { try readOne() }
    } catch  where !asksForHelp {
      throw error
    } catch {}
  }

  /// Reads the words of a command's name and ignores whatever follows.
  mutating func readCommandWords() throws(ArgumentError) {
    while position < arguments.count, command == nil {
      try read(word: arguments[position])
      position += 1
    }
  }

  /// The command, once everything it needs is known to be there.
  func finish() throws(ArgumentError) -> CommandSpec {
    guard let command = command ?? prefix.flatMap({ table.command(named: $0) }) else {
      throw missingCommand()
    }
    for spec in command.options + table.globals where spec.isRequired {
      if values[spec.name] == nil {
        throw error(.missingOption, "\(command.name) needs \(spec.name) \(spec.value ?? "")")
      }
    }
    if let missing = command.positionals.dropFirst(words.count).first(where: \.isNeeded) {
      throw error(
        .missingPositional, "\(command.name) needs \(missing.name): \(missing.help)")
    }
    return command
  }

  private mutating func readOne() throws(ArgumentError) {
    let argument = arguments[position]
    position += 1
    if argument == "--" {
      while position < arguments.count {
        try read(word: arguments[position])
        position += 1
      }
    } else if Self.looksLikeOption(argument) {
      try read(option: argument)
    } else {
      try read(word: argument)
    }
  }

  // MARK: words

  private mutating func read(word: String) throws(ArgumentError) {
    if command != nil {
      try readPositional(word)
    } else if let first = prefix {
      if let found = table.command(named: "\(first) \(word)") {
        command = found
      } else if let own = table.command(named: first) {
        command = own
        try readPositional(word)
      } else {
        throw unknownCommand(word, among: table.family(of: first).map { $0.path[1] })
      }
    } else if !table.family(of: word).isEmpty {
      prefix = word
    } else if let found = table.command(named: word) {
      command = found
    } else {
      throw unknownCommand(word, among: table.firstWords)
    }
  }

  private mutating func readPositional(_ word: String) throws(ArgumentError) {
    guard let command else { return }
    let takesMore: Bool
    if case .variadic = command.positionals.last?.arity {
      takesMore = true
    } else {
      takesMore = words.count < command.positionals.count
    }
    guard takesMore else {
      throw error(
        .unexpectedPositional, "\(command.name) does not know what to do with \"\(word)\"")
    }
    words.append(word)
  }

  // MARK: options

  private mutating func read(option argument: String) throws(ArgumentError) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count == 2 ? String(parts[1]) : nil
    if name == "--help" || name == "-h" { return }
    guard let spec = options.first(where: { $0.name == name || $0.short == name }) else {
      if name == "--version" {
        asksForVersion = true
        return
      }
      throw unknownOption(name)
    }
    if spec.isFlag {
      guard attached == nil else {
        throw error(.unexpectedValue, "\(name) takes no value, but was given \"\(argument)\"")
      }
      values[spec.name] = []
    } else {
      let value = if let attached { attached } else { try nextValue(of: spec, as: name) }
      try store(value, for: spec, as: name)
    }
  }

  private mutating func nextValue(
    of spec: OptionSpec, as name: String
  ) throws(ArgumentError) -> String {
    let placeholder = spec.value ?? ""
    guard position < arguments.count else {
      throw error(.missingValue, "\(name) needs a value: \(name) \(placeholder)")
    }
    let next = arguments[position]
    guard !Self.looksLikeOption(next), next != "--" else {
      throw error(
        .missingValue,
        "\(name) needs a value, but \(next) follows (a value that starts with a dash is written "
          + "\(name)=VALUE)")
    }
    position += 1
    return next
  }

  private mutating func store(
    _ value: String, for spec: OptionSpec, as name: String
  ) throws(ArgumentError) {
    if !spec.allowed.isEmpty, !spec.allowed.contains(value) {
      let guess = Spelling.nearest(to: value, among: spec.allowed)
      throw error(
        .badValue,
        "\(name) takes \(Self.listed(spec.allowed)), but was given \"\(value)\"" + meant(guess))
    }
    if let earlier = values[spec.name]?.first, !spec.isRepeatable {
      throw error(
        .repeatedOption, "\(name) was given twice, as \"\(earlier)\" and as \"\(value)\"")
    }
    values[spec.name, default: []].append(value)
  }

  private var options: [OptionSpec] {
    (command ?? prefix.flatMap { table.command(named: $0) }).map { $0.options + table.globals }
      ?? table.globals
  }

  /// A dash makes an option, unless a number follows it or nothing does.
  private static func looksLikeOption(_ argument: String) -> Bool {
    argument.hasPrefix("-") && argument != "-" && argument != "--" && Double(argument) == nil
  }
}

// MARK: mistakes

extension ArgumentReading {
  private func error(_ code: ArgumentError.Code, _ message: String) -> ArgumentError {
    ArgumentError(
      code: code, message: message.trimmingTrailingSpace,
      hint: "run " + ([table.program] + path + ["--help"]).joined(separator: " "))
  }

  private func unknownCommand(_ word: String, among known: [String]) -> ArgumentError {
    let typed = (path + [word]).joined(separator: " ")
    let guess = Spelling.nearest(to: word, among: known)
    let told = meant(guess.map { (path + [$0]).joined(separator: " ") })
    if told.isEmpty, let first = path.first {
      return error(
        .unknownCommand,
        "there is no command \"\(typed)\"; after \(first) comes \(Self.listed(known))")
    }
    return error(.unknownCommand, "there is no command \"\(typed)\"" + told)
  }

  private func missingCommand() -> ArgumentError {
    guard let prefix else { return error(.missingCommand, "no command was given") }
    let seconds = table.family(of: prefix).map { $0.path[1] }
    return error(.missingCommand, "\(prefix) needs one more word: \(Self.listed(seconds))")
  }

  private func unknownOption(_ name: String) -> ArgumentError {
    let place = path.isEmpty ? "" : " for " + path.joined(separator: " ")
    let owner = table.commands.first { $0.options.contains { $0.name == name } }
    if path.isEmpty, let owner {
      return error(
        .unknownOption, "\(name) belongs after its command, as in \(owner.name) \(name)")
    }
    let names = options.flatMap { [$0.name] + ($0.short.map { [$0] } ?? []) } + ["--help"]
    return error(
      .unknownOption,
      "unknown option \(name)" + place + meant(Spelling.nearest(to: name, among: names)))
  }

  private func meant(_ guess: String?) -> String { guess.map { "; did you mean \($0)?" } ?? "" }

  private static func listed(_ words: [String]) -> String {
    words.count < 2
      ? words.joined()
      : words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
  }
}

extension PositionalSpec {
  /// True where the command cannot run without it.
  var isNeeded: Bool { arity == .required || arity == .variadic(atLeastOne: true) }
}

extension String {
  fileprivate var trimmingTrailingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}
