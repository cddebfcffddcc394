/// A command line that was understood: which command, and what was said to it.
public struct Invocation: Equatable, Sendable {
  /// What the line asks for.
  public enum Wish: Equatable, Sendable {
    case run
    /// Help was asked for; nothing else on the line was checked, and the path may be partial.
    case help
    case version
  }

  public let wish: Wish
  /// The words of the command: empty, one or two.
  public let path: [String]
  let program: String
  let specs: [OptionSpec]
  let positionalSpecs: [PositionalSpec]
  let values: [String: [String]]
  let words: [String]

  /// The command's name, as in its `CommandSpec`.
  public var command: String { path.joined(separator: " ") }

  /// True when the flag `name` was given.
  /// - Precondition: the command or the globals declare it.
  public func flag(_ name: String) -> Bool { values[declared(name).name] != nil }

  /// The value of option `name`, or nil where it was left out.
  /// - Precondition: the command or the globals declare it.
  public func string(_ name: String) -> String? { values[declared(name).name]?.last }

  /// Every value of a repeatable option, in order; empty where it was left out.
  /// - Precondition: the command or the globals declare it.
  public func strings(_ name: String) -> [String] { values[declared(name).name] ?? [] }

  /// The whole number given to `name`, or nil where it was left out.
  /// Throws a usage error for anything else than a whole number within `range`.
  public func int(
    _ name: String, in range: ClosedRange<Int> = .min ... .max
  ) throws(ArgumentError) -> Int? {
    guard let text = string(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw badValue(name, text, "a whole number" + bounds(range, whole: (.min, .max)))
    }
    return number
  }

  /// The finite number given to `name`, or nil where it was left out.
  /// Throws a usage error for anything else than a finite number within `range`.
  public func double(
    _ name: String, in range: ClosedRange<Double> = -.infinity ... .infinity
  ) throws(ArgumentError) -> Double? {
    guard let text = string(name) else { return nil }
    guard let number = Double(text), number.isFinite, range.contains(number) else {
      throw badValue(name, text, "a number" + bounds(range, whole: (-.infinity, .infinity)))
    }
    return number
  }

  /// The value at the place called `name`, or nil where an optional one was left out.
  /// - Precondition: the command declares it.
  public func positional(_ name: String) -> String? { positionals(name).first }

  /// Every value at the place called `name`: several only for a variadic one.
  /// - Precondition: the command declares it.
  public func positionals(_ name: String) -> [String] {
    guard let place = positionalSpecs.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("\(command) declares no argument \(name)")
    }
    guard place < words.count else { return [] }
    if case .variadic = positionalSpecs[place].arity { return Array(words[place...]) }
    return [words[place]]
  }

  /// A usage error about this command, for checks that only the command can make.
  public func usageError(
    _ message: String, code: ArgumentError.Code = .badValue
  ) -> ArgumentError {
    ArgumentError(
      code: code, message: message,
      hint: "run " + ([program] + path + ["--help"]).joined(separator: " "))
  }

  private func declared(_ name: String) -> OptionSpec {
    guard let spec = specs.first(where: { $0.name == name }) else {
      preconditionFailure("\(command) declares no option \(name)")
    }
    return spec
  }

  private func badValue(_ name: String, _ text: String, _ wanted: String) -> ArgumentError {
    usageError("\(name) takes \(wanted), but was given \"\(text)\"")
  }

  private func bounds<Number>(
    _ range: ClosedRange<Number>, whole: (Number, Number)
  ) -> String {
    switch (range.lowerBound == whole.0, range.upperBound == whole.1) {
    case (true, true): ""
    case (false, true): " of at least \(range.lowerBound)"
    case (true, false): " of at most \(range.upperBound)"
    case (false, false): " from \(range.lowerBound) to \(range.upperBound)"
    }
  }
}
