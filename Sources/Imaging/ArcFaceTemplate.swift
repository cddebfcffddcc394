public import Domain

/// Where the five landmarks of an aligned face crop lie; what ArcFace-family encoders were
/// trained on (InsightFace's 112 x 112 alignment template).
public enum ArcFaceTemplate {
  /// The template's own side in pixels.
  public static let side = 112

  private static let standard = [
    Point(x: 38.2946, y: 51.6963), Point(x: 73.5318, y: 51.5014), Point(x: 56.0252, y: 71.7366),
    Point(x: 41.5493, y: 92.3655), Point(x: 70.7299, y: 92.2041),
  ]

  /// Left eye, right eye, nose, left and right mouth corner in a crop of `width` x `height`.
  ///
  /// The 112 template's coordinates times width / 112; a crop that is not square has the square
  /// template in its vertical middle, so (height - width) / 2 is added to y. InsightFace's own
  /// variant for multiples of 128, which shifts the face, is not followed. Then `shrink` draws
  /// each point p towards the centre c = ((width - 1) / 2, (height - 1) / 2): c + shrink * (p - c);
  /// below 1 the crop shows more around the face, above 1 less of it.
  /// - Precondition: sides and `shrink` are positive.
  public static func points(width: Int, height: Int, shrink: Double = 1) -> [Point] {
    precondition(width > 0 && height > 0 && shrink > 0)
    let scale = Double(width) / Double(side)
    let lowering = Double(height - width) / 2
    let centre = Point(x: Double(width - 1) / 2, y: Double(height - 1) / 2)
    return standard.map { point in
      let x = point.x * scale
      let y = point.y * scale + lowering
      return Point(x: centre.x + shrink * (x - centre.x), y: centre.y + shrink * (y - centre.y))
    }
  }
}
