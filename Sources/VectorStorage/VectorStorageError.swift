public import Domain

/// Why vectors could not be stored or lent.
public struct VectorStorageError: ExplainedError, Equatable {
  public enum Code: Sendable {
    case missing, damaged, newerVersion, otherSpace, badSpace, badRow, fileSystem
    /// Sealed, and no key at hand opens it.
    case locked
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
