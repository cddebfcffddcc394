import Analysis
import Domain
import Execution

/// Compares two images as pictures: the second key of the two-key rule.
struct PictureComparison: Sendable {
  /// Registering starts only where the crops are alike at all; known copies in other crops had a
  /// plain correlation of 0.47 or more.
  static let smallestPlainCorrelation: Float = 0.3

  private let image: EmbeddedImages?
  private let thumbnails: EmbeddedImages?
  private let imageRows: [Int64: Int]
  private let thumbnailRows: [Int64: Int]

  /// - Parameters:
  ///   - image: vectors of the image space, where there are any.
  ///   - thumbnails: vectors of the pixel space, where there are any.
  init(image: EmbeddedImages?, thumbnails: EmbeddedImages?) {
    self.image = image
    self.thumbnails = thumbnails
    imageRows = image?.rows() ?? [:]
    thumbnailRows = thumbnails?.rows() ?? [:]
  }

  /// How alike two pictures are.
  struct Answer: Equatable, Sendable {
    /// Cosine in the image space.
    var image: CosineSimilarity?
    /// Correlation after registration, the better of both orientations.
    var registered: CosineSimilarity?
    /// True where the mirrored picture is the better match.
    var isMirrored = false
  }

  /// Answers for pairs of image ids, in order, on `threads` threads.
  func compare(_ pairs: [(Int64, Int64)], threads: Int) throws -> [Answer] {
    try Parallel.map(count: pairs.count, blockSize: 64, threads: threads) { index in
      let (a, b) = pairs[index]
      return compare(image: imageVector(a), thumbnail: thumbnail(a), with: b)
    }
  }

  /// Compares a picture given by its unit vectors with the image `id`.
  func compare(
    image: ArraySlice<Float>?, thumbnail: ArraySlice<Float>?, with id: Int64
  ) -> Answer {
    Self.compare(
      images: both(image, imageVector(id)), thumbnails: both(thumbnail, self.thumbnail(id)))
  }

  /// Compares two pictures given by their unit vectors; a side without vectors gives no answer.
  static func compare(
    images: (ArraySlice<Float>, ArraySlice<Float>)?,
    thumbnails: (ArraySlice<Float>, ArraySlice<Float>)?
  ) -> Answer {
    var answer = Answer()
    if let images { answer.image = CosineSimilarity(dot(images.0, images.1)) }
    guard let (first, second) = thumbnails else { return answer }
    let side = Int(Double(first.count).squareRoot().rounded())
    for (isMirrored, moving) in [(false, second), (true, mirrored(second, side: side))] {
      guard dot(first, moving) >= smallestPlainCorrelation else { continue }
      let registered = RegisteredCorrelation.between(first, moving, side: side)
      // -1 says that one could not be laid onto the other, which is no measurement.
      if registered.value > answer.registered?.value ?? -1 {
        answer.registered = registered
        answer.isMirrored = isMirrored
      }
    }
    return answer
  }

  /// What is equal for two images that no picture measure can tell apart.
  struct Mark: Hashable, Sendable {
    var image: Int?
    var thumbnail: Int?
    /// False where nothing is known of the picture but a flat thumbnail.
    var tellsApart = true
  }

  /// The marks of all images that have a picture.
  func marks() -> [Int64: Mark] {
    var marks: [Int64: Mark] = [:]
    if let thumbnails {
      let rows = UniqueRows(of: thumbnails.unit)
      for (id, row) in thumbnailRows {
        let isFlat = thumbnails.unit[row: row].allSatisfy { $0 == 0 }
        marks[id] = Mark(thumbnail: rows.groups[row], tellsApart: !isFlat)
      }
    }
    if let image {
      let rows = UniqueRows(of: image.unit)
      for (id, row) in imageRows {
        marks[id, default: Mark()].image = rows.groups[row]
        marks[id]?.tellsApart = true
      }
    }
    return marks
  }

  private func imageVector(_ id: Int64) -> ArraySlice<Float>? {
    imageRows[id].flatMap { image?.unit[row: $0] }
  }

  private func thumbnail(_ id: Int64) -> ArraySlice<Float>? {
    thumbnailRows[id].flatMap { thumbnails?.unit[row: $0] }
  }

  private func both(
    _ a: ArraySlice<Float>?, _ b: ArraySlice<Float>?
  ) -> (ArraySlice<Float>, ArraySlice<Float>)? {
    guard let a, let b else { return nil }
    return (a, b)
  }

  private static func mirrored(_ picture: ArraySlice<Float>, side: Int) -> ArraySlice<Float> {
    var turned: [Float] = []
    turned.reserveCapacity(picture.count)
    for row in 0..<side {
      let start = picture.startIndex + row * side
      turned.append(contentsOf: picture[start..<start + side].reversed())
    }
    return turned[...]
  }

  private static func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
