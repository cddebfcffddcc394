public import Domain

/// Why a network could not be opened or run.
public struct InferenceError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// ONNX Runtime was found nowhere.
    case runtimeMissing
    /// A file was found, but it is not a usable ONNX Runtime.
    case runtimeUnusable
    /// The network could not be read.
    case modelUnusable
    /// An input or output that was named does not fit what the network declares.
    case mismatch
    /// The network itself failed while running.
    case runFailed
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
