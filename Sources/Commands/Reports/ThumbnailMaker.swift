import Cataloging
import Curation
import Domain
import Reporting

/// Makes the small pictures of a report. Real people are reduced to a few tiles of colour, unless the
/// reader asked to see them.
struct ThumbnailMaker: Sendable {
  /// Root folders by source.
  let roots: [Int64: String]
  let showsReal: Bool
  /// Longest side of a small picture, in pixels.
  var side = 64

  /// Nil where the image has no picture or it cannot be read any more.
  func tile(_ image: ImageRecord) -> PictureTile? {
    let isReal = image.population.showsRealPeople
    let hides = isReal && !showsReal
    guard let root = roots[image.source],
      let bytes = SmallPicture(side: side).jpeg(of: image, root: root, hides: hides)
    else { return nil }
    return PictureTile(
      bytes: bytes, alt: image.identityName ?? image.path, isReal: isReal, hidden: hides)
  }

  /// A picture the tool has made itself, which shows nobody real; nil where it cannot be read.
  func tile(file path: String, alt: String) -> PictureTile? {
    SmallPicture(side: side).jpeg(file: path).map {
      PictureTile(bytes: $0, alt: alt, isReal: false, hidden: false)
    }
  }
}
