public import Domain

/// Finds the face to embed in a picture, or says why there is none.
public protocol FaceFinder: Sendable {
  /// SHA-256, in hex, over everything that decides where the face is.
  var digest: String { get }
  /// Safe to call from several threads; the same picture gives the same answer.
  func find(in picture: Picture) throws -> FoundFace
}

/// What a `FaceFinder` says about one picture.
public enum FoundFace: Sendable {
  /// The face, and how many faces the picture shows where that was counted.
  case face(Face, count: Int?)
  /// Why the picture cannot be embedded, for people.
  case none(reason: String)
}
