internal import Domain
internal import Imaging

/// A picture as a detector sees it: brought to a size at which faces are found, inside a grey
/// margin, so that a face that fills its crop has surroundings.
struct DetectionFrame {
  /// Part of every detector's digest: raise it when the frame of a picture changes.
  static let version = 1
  /// Pixels, level.
  static let margin = 40
  static let grey: UInt8 = 128
  /// A picture whose short side is below this is doubled.
  static let smallSide = 200
  /// A picture whose long side is above this is shrunk to it, for speed.
  static let largeSide = 640

  let picture: Picture
  /// Sides of the part that shows the picture.
  let innerWidth: Int
  let innerHeight: Int
  private let scaleX: Double
  private let scaleY: Double

  /// - Parameter multiple: right and lower margin grow until both sides are multiples of this.
  init(_ original: Picture, multiple: Int = 1) {
    let (width, height) = Self.innerSides(original)
    innerWidth = width
    innerHeight = height
    scaleX = Double(width) / Double(original.width)
    scaleY = Double(height) / Double(original.height)
    let inner = Resampling.resized(original, to: width, height, filter: .bilinear)
    let margin = Self.margin
    picture = inner.padded(
      by: Margins(
        left: margin, top: margin, right: Self.after(width, multiple),
        bottom: Self.after(height, multiple)),
      grey: Self.grey)
  }

  private static func innerSides(_ picture: Picture) -> (Int, Int) {
    let long = max(picture.width, picture.height)
    var scale = min(picture.width, picture.height) < smallSide ? 2.0 : 1.0
    scale = min(scale, Double(largeSide) / Double(long))
    let side = { (length: Int) in max(1, Int((Double(length) * scale).rounded())) }
    return (side(picture.width), side(picture.height))
  }

  /// The margin behind `length` pixels.
  private static func after(_ length: Int, _ multiple: Int) -> Int {
    let needed = length + 2 * margin
    return (needed + multiple - 1) / multiple * multiple - length - margin
  }

  /// Where a point of the frame lies in the original picture.
  func original(_ point: Point) -> Point {
    let margin = Double(Self.margin)
    return Point(
      x: (point.x - margin + 0.5) / scaleX - 0.5, y: (point.y - margin + 0.5) / scaleY - 0.5)
  }
}
