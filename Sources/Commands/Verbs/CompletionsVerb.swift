import Arguments
import Diagnostics

/// `completions`
enum CompletionsVerb: Verb {
  static let spec = CommandSpec(
    "completions", group: "Set up", summary: "print a bash completion script",
    examples: [
      CommandExample(
        "eval \"$(d2r-curate completions)\"", "completes verbs and options in this shell")
    ])

  static func run(_ invocation: Invocation, in surroundings: Surroundings) async throws -> ExitCode
  {
    surroundings.console.raw(CompletionRenderer(VerbTable.table).bash())
    return .clean
  }
}
