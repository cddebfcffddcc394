internal import Cryptography
public import Domain
internal import Imaging

/// The `pixel` space: a face as 32 × 32 brightnesses, without any network.
///
/// The face is cut as `arcface-112`, a quarter larger, on the template's symmetric form and
/// averaged over 4 × 4 pixels of a finer cut; the brightness less its mean is divided by its norm. The cosine of
/// two rows is then the normalised cross-correlation of the two thumbnails. A crop of one flat
/// brightness gives a row of zeros.
public struct AlignedThumbnail: ImageEncoder {
  /// Pixels per row and rows.
  public static let side = 32
  private static let oversampling = 4
  /// The template is enlarged by this, so that the crop lies inside the face and a copy that was
  /// cropped elsewhere still covers it.
  private static let zoom = 1.25
  private static let version = "d2r-thumbnail 3"
  /// Brightness variations of less than this, in 8-bit levels root mean square, are rounding
  /// noise and count as flat.
  private static let flatness: Float = 0.25

  public let space: Space
  public let preferredBatch = 64

  public init() {
    let recipe = "\(Self.version)\ncrop \(FaceCropper.version)\nside \(Self.side)\n"
    space = Space(
      name: "pixel", width: Self.side * Self.side, encoderDigest: SHA256.hex(of: recipe))
  }

  public func embed(_ faces: [Face]) -> Vectors {
    Vectors(count: faces.count, width: space.width, values: faces.flatMap(row))
  }

  private func row(_ face: Face) -> [Float] {
    let brightness = averaged(crop(face).luminance())
    let mean = brightness.reduce(0, +) / Float(brightness.count)
    let centred = brightness.map { $0 - mean }
    let norm = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > Self.flatness * Float(Self.side) else {
      return [Float](repeating: 0, count: centred.count)
    }
    return centred.map { $0 / norm }
  }

  private func crop(_ face: Face) -> Picture {
    let side = Self.side * Self.oversampling
    let target = Self.symmetricTemplate(width: side, height: side, shrink: Self.zoom)
    let picture = face.picture
    let own = Self.symmetricTemplate(width: picture.width, height: picture.height, shrink: 1)
    let transform =
      FaceCropper.placement(of: face, on: target)
      ?? SimilarityTransform(from: own, to: target) ?? .identity
    return picture.warped(by: transform, width: side, height: side, border: .grey)
  }

  /// The ArcFace template averaged with its mirror image, so that a mirrored face is cut to the
  /// mirrored crop.
  private static func symmetricTemplate(width: Int, height: Int, shrink: Double) -> [Point] {
    let points = ArcFaceTemplate.points(width: width, height: height, shrink: shrink)
    let partner = [1, 0, 2, 4, 3]
    return points.indices.map { index in
      let other = points[partner[index]]
      return Point(
        x: (points[index].x + Double(width - 1) - other.x) / 2,
        y: (points[index].y + other.y) / 2)
    }
  }

  /// Means over squares of `oversampling` pixels.
  private func averaged(_ light: [Float]) -> [Float] {
    let factor = Self.oversampling
    let width = Self.side * factor
    var means = [Float](repeating: 0, count: Self.side * Self.side)
    for y in 0..<width {
      for x in 0..<width {
        means[y / factor * Self.side + x / factor] += light[y * width + x]
      }
    }
    let share = 1 / Float(factor * factor)
    return means.map { $0 * share }
  }
}
