public import Domain
internal import Imaging

/// Tells whether a picture is an aligned crop already: whether its landmarks sit where the ArcFace
/// template wants them.
///
/// Measured is the similarity of least squares from the landmarks to the template at the picture's
/// own size; an aligned crop needs next to no scaling, rotation or shift. What is left after it
/// is the face's own shape and the detector's error.
public struct CropCheck: Equatable, Sendable {
  // Detectors place a landmark within 2 to 3 % of the crop's width, which is what a second run of
  // a detector over crops aligned by another one shows; the limits leave twice that.
  /// Largest change of size, as a share.
  public static let scaleLimit = 0.08
  /// Degrees.
  public static let rotationLimit = 5.0
  /// Shift of the landmarks' middle, as a share of the width.
  public static let offsetLimit = 0.04
  /// Root mean square of what the similarity leaves, as a share of the width.
  public static let residualLimit = 0.06

  /// 1 for an aligned crop.
  public let scale: Double
  /// Degrees, clockwise as seen.
  public let rotation: Double
  /// Shares of the picture's width.
  public let offset: Double
  public let residual: Double

  /// Nil where the landmarks lie in one point or are not finite.
  public init?(_ landmarks: FiveLandmarks, width: Int, height: Int) {
    let points = landmarks.points
    let target = ArcFaceTemplate.points(width: width, height: height)
    guard let fit = SimilarityTransform(from: points, to: target) else { return nil }
    let size = Double(width)
    scale = fit.scale
    rotation = Degrees.of(x: fit.a, y: fit.b)
    let found = Self.middle(points)
    let wanted = Self.middle(target)
    let shift = Point(x: found.x - wanted.x, y: found.y - wanted.y)
    offset = (shift.x * shift.x + shift.y * shift.y).squareRoot() / size
    residual = fit.residual(from: points, to: target) / size
  }

  public var isAligned: Bool {
    abs(scale - 1) <= Self.scaleLimit && abs(rotation) <= Self.rotationLimit
      && offset <= Self.offsetLimit && residual <= Self.residualLimit
  }

  private static func middle(_ points: [Point]) -> Point {
    let count = Double(points.count)
    return Point(
      x: points.reduce(0) { $0 + $1.x } / count, y: points.reduce(0) { $0 + $1.y } / count)
  }
}
