import Arguments
import Diagnostics

/// The whole program: words in, exit code out.
public enum CommandLineTool {
  /// Runs one command line (without the program's name) and returns the exit code.
  public static func main(_ arguments: [String]) async -> Int32 {
    let plain = Console(isQuiet: false, isJSON: false)
    let wantsJSON = arguments.contains("--json")
    do {
      let invocation = try ArgumentParser(VerbTable.table).parse(arguments)
      switch invocation.wish {
      case .help:
        plain.raw(help(for: invocation))
        return ExitCode.clean.rawValue
      case .version:
        plain.out("d2r-curate \(Version.current)")
        return ExitCode.clean.rawValue
      case .run:
        return try await run(invocation).rawValue
      }
    } catch {
      return report(error, console: plain, asJSON: wantsJSON)
    }
  }

  private static func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let verb = VerbTable.verb(named: invocation.command) else {
      preconditionFailure("the table has no verb \(invocation.command)")
    }
    let surroundings = try Surroundings(invocation)
    let code = try await verb.run(invocation, in: surroundings)
    guard let failure = surroundings.console.failure else { return code }
    surroundings.console.err("d2r-curate: \(failure)\n  try: free some space, or write elsewhere")
    return .failed
  }

  private static func help(for invocation: Invocation) -> String {
    HelpRenderer(VerbTable.table).help(for: invocation.path)
  }

  private static func report(_ error: any Error, console: Console, asJSON: Bool) -> Int32 {
    let printer = ErrorPrinter(program: "d2r-curate")
    console.err(printer.describe(error))
    if asJSON { console.raw(printer.document(error).pretty + "\n") }
    return (error is ArgumentError ? ExitCode.usage : ExitCode.failed).rawValue
  }
}
