public import Domain

/// Why a picture could not be read or written.
public struct ImagingError: ExplainedError, Equatable {
  /// What kind of trouble it was, for programs.
  public enum Code: String, CaseIterable, Sendable {
    /// No bytes at all.
    case empty
    /// The first bytes belong to no picture format known here.
    case notAPicture
    /// More bytes or pixels than the limits allow; nothing was allocated.
    case tooLarge
    /// The file ends before the picture does.
    case truncated
    /// The bytes contradict the format or their checksums.
    case damaged
    /// A picture, but of a kind that is deliberately not read.
    case unsupported
    /// A library could not write the picture.
    case notEncoded
  }

  public let code: Code
  public let message: String
  public let hint: String?

  init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

extension ImagingError {
  static func truncated(_ format: PictureFormat, _ detail: String) -> Self {
    Self(
      .truncated, "the \(format.displayName) picture ends too early (\(detail))",
      hint: "copy or download the file again")
  }

  static func damaged(_ format: PictureFormat, _ detail: String) -> Self {
    Self(
      .damaged, "the \(format.displayName) picture is damaged (\(detail))",
      hint: "copy or download the file again, or leave it out")
  }

  static func unsupported(_ what: String) -> Self {
    Self(
      .unsupported, "\(what) is not read here",
      hint: "convert it to an 8-bit PNG, JPEG or still WebP picture first")
  }

  static func notEncoded(_ format: PictureFormat, _ detail: String) -> Self {
    Self(.notEncoded, "the \(format.displayName) picture could not be written (\(detail))")
  }
}
