public import Domain

/// Why a request got no answer.
public struct HTTPError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// The address is none that can be asked.
    case badAddress
    /// Nobody takes the connection.
    case unreachable
    /// The deadline passed.
    case timedOut
    /// The connection was lost before the answer was whole.
    case cutOff
    /// No trusted TLS connection could be made.
    case insecure
    /// The answer is longer than was allowed.
    case tooLarge
    /// Anything else.
    case failed
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
