import Cataloging
import Domain
import Files
import Imaging
import Reporting

/// Makes the small pictures of a report. Real people are reduced to a few tiles of colour before
/// any byte leaves here, unless the reader asked to see them.
struct ThumbnailMaker: Sendable {
  /// Larger pictures are cut to the face; smaller ones are tight crops already, in pixels.
  static let largestWhole = 160
  /// A hidden face keeps this many tiles a side: hair and background colour, no features.
  static let tiles = 5

  /// Root folders by source.
  let roots: [Int64: String]
  let showsReal: Bool
  /// Longest side of a small picture, in pixels.
  var side = 64

  /// Nil where the image has no picture or it cannot be read any more.
  func tile(_ image: ImageRecord) -> PictureTile? {
    guard image.facts.digest != nil, let root = roots[image.source],
      let bytes = try? FileReader.read(Paths.join(root, image.path)),
      let decoded = try? PictureDecoder.decode(bytes)
    else { return nil }
    let hides = image.population.showsRealPeople && !showsReal
    let picture = small(face(in: decoded.picture, image), hides: hides)
    guard let encoded = try? PictureEncoder.jpeg(picture, quality: 82) else { return nil }
    return PictureTile(
      bytes: encoded, alt: image.identityName ?? image.path,
      isReal: image.population.showsRealPeople, hidden: hides)
  }

  /// A picture the tool has made itself, which shows nobody real; nil where it cannot be read.
  func tile(file path: String, alt: String) -> PictureTile? {
    guard let bytes = try? FileReader.read(path), let decoded = try? PictureDecoder.decode(bytes),
      let encoded = try? PictureEncoder.jpeg(small(decoded.picture, hides: false), quality: 82)
    else { return nil }
    return PictureTile(bytes: encoded, alt: alt, isReal: false, hidden: false)
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

  private func small(_ picture: Picture, hides: Bool) -> Picture {
    let scale = min(1, Double(side) / Double(max(picture.width, picture.height)))
    let width = max(1, Int((Double(picture.width) * scale).rounded()))
    let height = max(1, Int((Double(picture.height) * scale).rounded()))
    if hides { return picture.pixelated(blocks: Self.tiles, width: width, height: height) }
    return Resampling.resized(picture, to: width, height, filter: .bicubic)
  }
}
