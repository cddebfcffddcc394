public import Domain

/// Why a server gave no usable answer.
public struct OpenInferenceError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// The address, or what is to be sent, is not sound.
    case badRequest
    /// The server, or the model, could not be had in time.
    case unavailable
    /// The server says no, e.g. for want of a token.
    case refused
    /// What came is not what the protocol or the model's description says.
    case badAnswer
    /// The caller asked to stop.
    case cancelled
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
