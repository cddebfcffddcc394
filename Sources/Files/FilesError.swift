public import Domain

/// Why a file or folder could not be used.
public struct FilesError: ExplainedError, Equatable {
  public enum Code: Sendable {
    case missing, denied, alreadyExists, notAFile, notAFolder, tooLarge, noSpace, notText, failed
  }

  public var code: Code
  public var message: String
  public var hint: String?
  /// The system's error number, 0 where the system was not the one to object.
  public var systemError: Int32

  public init(code: Code, message: String, hint: String? = nil, systemError: Int32 = 0) {
    self.code = code
    self.message = message
    self.hint = hint
    self.systemError = systemError
  }
}
