public import Domain
internal import Imaging

/// Cuts what a network is to see out of a picture.
public struct FaceCropper: Equatable, Sendable {
  /// Part of every encoder's digest: raise it when the same face would be cut differently.
  static let version = 1
  /// `arcface-wide` shows the template at this share of its size.
  public static let wideShrink = 0.62

  public var alignment: ModelManifest.Alignment
  /// Pixels.
  public var width: Int
  public var height: Int
  public var resize: ModelManifest.Resize

  /// - Precondition: sides are positive.
  public init(
    _ alignment: ModelManifest.Alignment, width: Int, height: Int,
    resize: ModelManifest.Resize = .bilinear
  ) {
    precondition(width > 0 && height > 0)
    self.alignment = alignment
    self.width = width
    self.height = height
    self.resize = resize
  }

  /// The crop, `width` × `height`.
  ///
  /// `arcface-112` and `arcface-wide` put the landmarks on the (shrunk) template by the similarity
  /// of least squares; without landmarks, or where the picture is an aligned crop already, the
  /// picture's own template does. Room outside the picture is black for `arcface-112`, as
  /// encoders were trained, and grey for `arcface-wide`. Landmarks that all lie in one point count
  /// as none.
  public func crop(_ face: Face) -> Picture {
    switch alignment {
    case .arcface: aligned(face, shrink: 1, border: .black)
    case .arcfaceWide: aligned(face, shrink: Self.wideShrink, border: .grey)
    case .whole: Resampling.resized(face.picture, to: width, height, filter: filter)
    case .clip: face.picture.shortSideCropped(to: width, filter: filter)
    }
  }

  private var filter: ResampleFilter { resize == .bicubic ? .bicubic : .bilinear }

  private func aligned(_ face: Face, shrink: Double, border: WarpBorder) -> Picture {
    let picture = face.picture
    let target = ArcFaceTemplate.points(width: width, height: height, shrink: shrink)
    if let transform = Self.placement(of: face, on: target) {
      return picture.warped(by: transform, width: width, height: height, border: border)
    }
    if shrink == 1, picture.width * height == picture.height * width {
      return Resampling.resized(picture, to: width, height, filter: filter)
    }
    let own = ArcFaceTemplate.points(width: picture.width, height: picture.height)
    let transform = SimilarityTransform(from: own, to: target) ?? .identity
    return picture.warped(by: transform, width: width, height: height, border: border)
  }
  /// The similarity that puts a detected face's landmarks on `target`; nil for a face without
  /// usable landmarks, whose picture is to be taken as an aligned crop.
  static func placement(of face: Face, on target: [Point]) -> SimilarityTransform? {
    guard face.crop == .detected, let points = face.landmarks?.points else { return nil }
    return SimilarityTransform(from: points, to: target)
  }
}
