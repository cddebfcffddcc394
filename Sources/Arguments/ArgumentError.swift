public import Domain

/// What is wrong with the words that were typed.
public struct ArgumentError: ExplainedError, Equatable {
  /// The kinds of mistakes.
  public enum Code: Equatable, Sendable {
    case unknownCommand, missingCommand
    case unknownOption, missingOption, repeatedOption
    case missingValue, unexpectedValue, badValue
    case missingPositional, unexpectedPositional
  }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(code: Code, message: String, hint: String?) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
