public import Domain

/// Why a step could not finish.
public struct CurationError: ExplainedError, Equatable {
  public enum Code: Equatable, Sendable {
    /// The workspace folder is missing, damaged or made by a newer tool.
    case workspace
    /// A setting of `workspace.json` cannot be used.
    case setting
    /// The step needs images, vectors or results that are not there yet.
    case missingInput
    /// A calibration was measured for another encoder than the one that made the vectors.
    case otherEncoder
    /// What an encoder or a generator answered cannot be used.
    case badVectors
    /// The generator, or what looks at its pictures, failed in the middle of a request.
    case candidates
    /// There is more than can be held; a stricter threshold gives less.
    case tooMuch
    /// A result on record is of other inputs than there are now.
    case stale
    /// A signed file was changed, or is not signed by whom it should be.
    case notTrusted
    /// A result is too uncertain to be used.
    case unstable
    /// The user asked to stop.
    case interrupted
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
