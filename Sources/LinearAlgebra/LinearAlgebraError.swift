public import Domain

/// Why a matrix computation could not be done.
public struct LinearAlgebraError: ExplainedError, Equatable {
  public enum Code: Sendable { case widthMismatch, empty, notFinite, notConverged }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(code: Code, message: String, hint: String?) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
