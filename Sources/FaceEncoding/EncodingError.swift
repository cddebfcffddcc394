public import Domain

/// Why a model, or a face, could not be used.
public struct EncodingError: ExplainedError, Equatable {
  public enum Code: Sendable {
    /// A manifest is not valid JSON, or a field of it is missing or wrong.
    case manifestInvalid
    /// No such model is installed.
    case modelMissing
    /// More than one installed model fits the question.
    case modelAmbiguous
    /// A file of a model is missing, or its content is not what the manifest says.
    case fileDamaged
    /// A model of that name is installed already.
    case nameTaken
    /// The network does not have the inputs and outputs that its manifest claims.
    case networkUnfit
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
