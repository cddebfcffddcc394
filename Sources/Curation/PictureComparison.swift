import Analysis
import Domain
import Execution

/// Compares two images as pictures: the second key of the two-key rule.
struct PictureComparison: Sendable {
  /// Registering starts only where the crops are alike at all; known copies in other crops had a
  /// plain correlation of 0.47 or more.
  static let smallestPlainCorrelation: Float = 0.3

  /// Vectors of the image space by image id, where there are any.
  let image: EmbeddedImages?
  /// Thumbnails, where there are any.
  let thumbnails: EmbeddedImages?
  private let imageRows: [Int64: Int]
  private let thumbnailRows: [Int64: Int]

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
      compare(pairs[index].0, pairs[index].1)
    }
  }

  func compare(_ a: Int64, _ b: Int64) -> Answer {
    var answer = Answer()
    if let image, let rowA = imageRows[a], let rowB = imageRows[b] {
      answer.image = CosineSimilarity(dot(image.unit[row: rowA], image.unit[row: rowB]))
    }
    guard let thumbnails, let rowA = thumbnailRows[a], let rowB = thumbnailRows[b] else {
      return answer
    }
    let first = thumbnails.unit[row: rowA]
    let second = thumbnails.unit[row: rowB]
    let side = Int(Double(thumbnails.space.width).squareRoot().rounded())
    for (isMirrored, moving) in [(false, second), (true, mirrored(second, side: side))] {
      guard dot(first, moving) >= Self.smallestPlainCorrelation else { continue }
      let registered = RegisteredCorrelation.between(first, moving, side: side)
      if registered.value > answer.registered?.value ?? -2 {
        answer.registered = registered
        answer.isMirrored = isMirrored
      }
    }
    return answer
  }

  private func mirrored(_ picture: ArraySlice<Float>, side: Int) -> ArraySlice<Float> {
    var turned: [Float] = []
    turned.reserveCapacity(picture.count)
    for row in 0..<side {
      let start = picture.startIndex + row * side
      turned.append(contentsOf: picture[start..<start + side].reversed())
    }
    return turned[...]
  }

  private func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Float {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
