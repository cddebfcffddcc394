public import Domain

/// Why vectors could not be indexed or searched.
public struct VectorSearchError: ExplainedError, Equatable {
  public enum Code: Sendable {
    case badFactory, notUnitVector, otherWidth, tooManyPairs, engine
  }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(code: Code, message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
