public import Cataloging
import Domain
import Files
import Imaging

/// Makes small pictures of catalogued images. A hidden one is reduced to a few tiles of colour before
/// any byte leaves here.
public struct SmallPicture: Sendable {
  /// Larger pictures are cut to the face; smaller ones are tight crops already, in pixels.
  static let largestWhole = 160
  /// A hidden face keeps this many tiles a side: hair and background colour, no features.
  static let tiles = 5

  /// Longest side, in pixels.
  public let side: Int

  public init(side: Int = 64) { self.side = side }

  /// A JPEG; nil where the image has no picture or it cannot be read any more.
  /// - Parameter root: the folder of the image's source.
  public func jpeg(of image: ImageRecord, root: String, hides: Bool) -> [UInt8]? {
    guard image.facts.digest != nil,
      let bytes = try? FileReader.read(Paths.join(root, image.path)),
      let decoded = try? PictureDecoder.decode(bytes)
    else { return nil }
    return jpeg(face(in: decoded.picture, image), hides: hides)
  }

  /// A JPEG of a picture the tool has made itself; nil where it cannot be read.
  public func jpeg(file path: String) -> [UInt8]? {
    guard let bytes = try? FileReader.read(path), let decoded = try? PictureDecoder.decode(bytes)
    else { return nil }
    return jpeg(decoded.picture, hides: false)
  }

  /// The face with some room around it, where landmarks are known.
  private func face(in picture: Picture, _ image: ImageRecord) -> Picture {
    guard let values = image.facts.landmarks, values.count == 10,
      max(picture.width, picture.height) > Self.largestWhole
    else { return picture }
    let points = (0..<5).map { Point(x: Double(values[2 * $0]), y: Double(values[2 * $0 + 1])) }
    let side = 2 * side
    let template = ArcFaceTemplate.points(width: side, height: side, shrink: 0.75)
    guard let move = SimilarityTransform(from: points, to: template) else { return picture }
    return picture.warped(by: move, width: side, height: side, border: .grey)
  }

  private func jpeg(_ picture: Picture, hides: Bool) -> [UInt8]? {
    let scale = min(1, Double(side) / Double(max(picture.width, picture.height)))
    let width = max(1, Int((Double(picture.width) * scale).rounded()))
    let height = max(1, Int((Double(picture.height) * scale).rounded()))
    let small =
      hides
      ? picture.pixelated(blocks: Self.tiles, width: width, height: height)
      : Resampling.resized(picture, to: width, height, filter: .bicubic)
    return try? PictureEncoder.jpeg(small, quality: 82)
  }
}
