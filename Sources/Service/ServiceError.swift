public import Domain

/// Why the daemon's queue, schedules, alerts or watches did not do what they were asked.
public struct ServiceError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// Nothing has that number or name.
    case unknown
    /// The name, or the folder, is taken.
    case taken
    /// Words that make no job, no schedule, no alert or no watch.
    case invalid
    /// Not in the state for that.
    case wrongState
    /// Another daemon serves the workspace.
    case served
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

/// What an error says, without what to do about it.
func explained(_ error: any Error) -> String {
  (error as? any ExplainedError)?.message ?? "\(error)"
}
