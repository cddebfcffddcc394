import Arguments

/// One word of the command line: what it takes, as data, and what it does.
protocol Verb: Sendable {
  static var spec: CommandSpec { get }
  /// Runs with options that parsed; everything about files and meaning is checked here.
  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
}

/// How a command ended.
public enum ExitCode: Int32, Sendable {
  /// Done, nothing to look at.
  case clean = 0
  /// Done, and there is something to look at.
  case findings = 1
  /// Could not finish.
  case failed = 2
  /// The command line was not understood.
  case usage = 64
}
