import Domain

/// Errors as the command line prints them.
public struct ErrorPrinter: Sendable {
  let program: String

  /// `program` opens every message.
  public init(program: String) { self.program = program }

  /// `program: what happened`, and on a second line `  try: hint` where there is a hint. An error
  /// that explains nothing is described as Swift would. Lines of a longer message are indented.
  public func describe(_ error: any Error) -> String {
    guard let error = error as? any ExplainedError else { return "\(program): \(error)" }
    let message = indented(error.message)
    guard let hint = error.hint, !hint.isEmpty else { return "\(program): \(message)" }
    return "\(program): \(message)\n  try: \(indented(hint))"
  }

  /// `{"error": message, "hint": hint or null}`.
  public func document(_ error: any Error) -> JSONValue {
    let explained = error as? any ExplainedError
    return [
      "error": .string(explained?.message ?? "\(error)"),
      "hint": JSONValue(explained?.hint) { .string($0) },
    ]
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    ")
  }
}
