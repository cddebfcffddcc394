import Domain
import LinearAlgebra

/// What a request has accepted so far, ready to be compared with: the same questions as to the images
/// that were there before, without looking at all of it anew for every candidate.
struct AcceptedCandidates {
  /// What the second keys need of an accepted picture.
  struct Picture: Sendable {
    var image: [Float]?
    var thumbnail: [Float]?
    var hash: PictureHash?
    var identity: [Float]
    var marks: KnownPictures.Marks
  }

  private(set) var index: GrowingIndex
  private(set) var pictures: [Picture] = []
  private(set) var known: KnownPictures
  private let places: CandidateJudge.Places

  init(
    places: CandidateJudge.Places, width: Int, hashDistance: Int,
    builder: any VectorIndexBuilder
  ) {
    self.places = places
    index = GrowingIndex(width: width, builder: builder)
    known = KnownPictures([], hashDistance: hashDistance)
  }

  var count: Int { pictures.count }

  /// A picture whose vectors are gone (its image was purged) has nothing left to compare.
  mutating func append(_ made: CandidateMaker.Made) throws {
    known.add(made.marks)
    let identity = made.unit[places.identity]
    guard identity.contains(where: { $0 != 0 }) else { return }
    func vector(_ place: Int?) -> [Float]? {
      place.flatMap { made.unit[$0].isEmpty ? nil : made.unit[$0] }
    }
    try index.append(identity)
    pictures.append(
      Picture(
        image: vector(places.image), thumbnail: vector(places.pixel), hash: made.marks.hash,
        identity: identity, marks: made.marks))
  }

  /// What was accepted from number `start` on.
  func fresh(since start: Int) -> KnownPictures {
    var fresh = KnownPictures([], hashDistance: known.hashDistance)
    for picture in pictures[start...] { fresh.add(picture.marks) }
    return fresh
  }

  /// The numbers found before, and of those accepted from `start` on the ones at or above `floor`.
  func hits(
    _ found: [VectorPair], and query: Vectors, since start: Int, atLeast floor: CosineSimilarity
  ) -> [(Int, CosineSimilarity)] {
    var hits = found.map { ($0.target, $0.similarity) }
    for number in start..<pictures.count {
      let other = Vectors(count: 1, width: query.width, values: pictures[number].identity)
      let similarity = CosineSimilarity(query.dot(row: 0, other, row: 0))
      if similarity >= floor { hits.append((number, similarity)) }
    }
    return hits
  }
}
