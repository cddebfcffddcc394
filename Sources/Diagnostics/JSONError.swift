public import Domain

/// Why a text is not the JSON it should be.
public struct JSONError: ExplainedError, Equatable {
  /// The kinds of faults.
  public enum Code: Equatable, Sendable {
    case syntax, tooDeep, duplicateKey, invalidText
  }

  public var code: Code
  /// Where the fault is; both count from 1, columns in bytes.
  public var line: Int
  public var column: Int
  /// What is wrong there.
  public var fault: String

  public init(code: Code, line: Int, column: Int, fault: String) {
    self.code = code
    self.line = line
    self.column = column
    self.fault = fault
  }

  public var message: String { "line \(line), column \(column): \(fault)" }
  public var hint: String? { "correct the JSON there and try again" }
}
