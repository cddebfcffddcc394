public import Domain

/// What looking for the face of one picture came to.
public struct FaceOutcome: Equatable, Sendable {
  /// The face, or the reason why there is none.
  public enum Answer: Equatable, Sendable {
    case face(Face)
    /// The picture is not to be embedded; the reason in a few words.
    case rejected(String)
  }

  public var answer: Answer
  /// Faces the detector saw; nil where none was asked.
  public var facesInPicture: Int?
  /// The detector's confidence in the face taken, in 0...1; nil where there is none.
  public var confidence: Float?

  public init(_ answer: Answer, facesInPicture: Int? = nil, confidence: Float? = nil) {
    self.answer = answer
    self.facesInPicture = facesInPicture
    self.confidence = confidence
  }

  /// The face, or nil when rejected.
  public var face: Face? {
    if case .face(let face) = answer { face } else { nil }
  }
}
