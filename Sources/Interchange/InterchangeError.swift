public import Domain

/// Why a dataset or a file from elsewhere could not be read or written.
public struct InterchangeError: ExplainedError, Equatable {
  public enum Code: Sendable {
    case missing, noPictures, unclearLayout, badNumpy, badTable, badJSON, wrongShape, fileSystem
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
