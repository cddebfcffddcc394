public import Domain

/// Why a started program gave no answer.
public struct ChildError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// It could not be started.
    case notStarted
    /// It ended, or closed its standard output, before it had answered.
    case died
    /// The answer did not come in time.
    case tookTooLong
    /// A line without an end in sight.
    case answerTooLong
    /// Something on its standard output that nobody had asked for.
    case spokeUnasked
  }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
