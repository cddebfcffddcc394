/// Finds the one face of a picture that is to be embedded.
public protocol FaceLocator: Sendable {
  /// SHA-256, in hex, over the detector's weights and settings; part of every embedding's provenance.
  var digest: String { get }
  /// The largest face with its landmarks, or nil where there is none.
  /// The same picture gives the same answer whatever thread calls. Safe from several threads.
  func locate(_ picture: Picture) throws -> LocatedFace?
}

/// A detector's answer for one picture.
public struct LocatedFace: Equatable, Sendable {
  public var landmarks: FiveLandmarks
  /// The detector's own confidence in 0...1.
  public var confidence: Float
  /// How many faces it saw in the picture at all.
  public var facesInPicture: Int

  public init(landmarks: FiveLandmarks, confidence: Float, facesInPicture: Int) {
    self.landmarks = landmarks
    self.confidence = confidence
    self.facesInPicture = facesInPicture
  }
}
