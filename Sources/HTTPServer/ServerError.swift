public import Domain

/// Why a server could not be started.
public struct ServerError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// An address that cannot be read.
    case badAddress
    /// The system refused the socket: in use, not permitted, no such address.
    case notBound
    /// The certificate or its key is missing or unusable.
    case certificate
    /// The library refused to start.
    case notStarted
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
