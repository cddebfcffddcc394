import Analysis
import Cataloging
import Diagnostics
import Domain
import VectorStorage

/// The vectors near-duplicates are told by: the first key's space, and the pictures of the second.
struct DuplicateVectors: Sendable {
  /// Most pairs of images held against the second key.
  static let largestComparison = 30_000_000

  let first: EmbeddedImages
  /// The distinct rows of `first`.
  let rows: UniqueRows
  let pictures: PictureComparison
  /// True where the first key alone decides.
  let isOneKey: Bool
  private let rowOf: [Int64: Int]
  private let pictureMarks: [Int64: PictureComparison.Mark]

  init(first: EmbeddedImages, pictures: PictureComparison, isOneKey: Bool) {
    self.first = first
    self.pictures = pictures
    self.isOneKey = isOneKey
    rows = UniqueRows(of: first.unit)
    rowOf = first.rows()
    pictureMarks = isOneKey ? [:] : pictures.marks()
  }

  /// What is equal for images no key can tell apart.
  struct Mark: Hashable {
    var row: Int
    var picture: PictureComparison.Mark?
  }

  /// Nil where the image has no vector, or no picture to hold against the second key.
  func mark(of image: Int64) -> Mark? {
    guard let row = rowOf[image] else { return nil }
    guard !isOneKey else { return Mark(row: rows.groups[row], picture: nil) }
    guard let picture = pictureMarks[image], picture.tellsApart else { return nil }
    return Mark(row: rows.groups[row], picture: picture)
  }

  /// How many images have a vector in the first key's space but no picture.
  var withoutPicture: Int {
    isOneKey ? 0 : first.images.count { pictureMarks[$0] == nil }
  }

  /// An image that may be one of a pair.
  struct Candidate {
    /// Its place in the list of images.
    var place: Int
    var image: Int64
    /// Only images of equal identity are compared; 0 for all where that does not matter.
    var identity: Int64
    var hash: PictureHash?

    /// Bits by which the hashes differ, either way round; nil where one has none.
    func hashDistance(to other: Candidate) -> Int? {
      guard let hash, let theirs = other.hash else { return nil }
      return min(hash.distance(to: theirs), hash.mirrored.distance(to: theirs))
    }
  }

  /// Pairs of candidates whose vectors pass, by what the options ask.
  ///
  /// Throws `tooMuch` where more pairs pass the first key than can be held against the second.
  func matches(
    among candidates: [Candidate], in graph: PairGraph, atLeast floor: CosineSimilarity,
    options: DedupStep.Options, threads: Int
  ) throws -> [DuplicateMatch] {
    let pairs = try pairs(among: candidates, in: graph, atLeast: floor)
    let answers =
      isOneKey
      ? []
      : try pictures.compare(
        pairs.map { (candidates[$0.query].image, candidates[$0.target].image) }, threads: threads)
    let rule = TwoKeyRule(
      identityFloor: floor, imageFloor: options.imageSimilarity,
      registeredFloor: options.registeredCorrelation,
      registeredAloneFloor: options.registeredAlone)
    return pairs.enumerated().compactMap { number, pair in
      var match = DuplicateMatch(
        candidates[pair.query].place, candidates[pair.target].place, .nearDuplicate)
      match.identity = pair.similarity
      guard !isOneKey else { return match }
      let answer = answers[number]
      guard
        rule.tier(
          identity: pair.similarity, image: answer.image, registered: answer.registered,
          hashDistance: candidates[pair.query].hashDistance(to: candidates[pair.target])) != nil
      else { return nil }
      match.picture = [answer.image, answer.registered].compactMap { $0 }.max()
      match.isMirrored =
        answer.isMirrored && (answer.image ?? CosineSimilarity(-1)) < options.imageSimilarity
      return match
    }
  }

  /// Pairs of places in `candidates` at or above the floor: the graph's pairs of rows spread over
  /// the candidates that have these rows, and those that share a row.
  private func pairs(
    among candidates: [Candidate], in graph: PairGraph, atLeast floor: CosineSimilarity
  ) throws -> [VectorPair] {
    var members = [[Int]](repeating: [], count: rows.count)
    for (number, candidate) in candidates.enumerated() {
      if let mark = mark(of: candidate.image) { members[mark.row].append(number) }
    }
    var pairs: [VectorPair] = []
    func add(_ a: Int, _ b: Int, _ similarity: CosineSimilarity) throws {
      guard candidates[a].identity == candidates[b].identity else { return }
      pairs.append(VectorPair(query: a, target: b, similarity: similarity))
      guard pairs.count <= Self.largestComparison else { throw tooMuch(floor) }
    }
    // With one key, candidates that share a row and are compared at all are copies already.
    for group in members where !isOneKey && group.count > 1 {
      for (number, a) in group.enumerated() {
        for b in group[(number + 1)...] { try add(a, b, CosineSimilarity(1)) }
      }
    }
    try graph.forEach(atLeast: floor) { pair in
      for a in members[pair.query] {
        for b in members[pair.target] { try add(a, b, pair.similarity) }
      }
    }
    return pairs
  }

  private func tooMuch(_ floor: CosineSimilarity) -> CurationError {
    CurationError(
      .tooMuch,
      """
      more than \(HumanNumbers.count(Self.largestComparison)) pairs of images have cosine >= \
      \(HumanNumbers.decimal(Double(floor.value), 4))
      """, hint: "give a higher --similarity-at-least, or a smaller --fmr")
  }

  /// Cosine of each image to the prototype of its identity; nil where it has none.
  func prototypeSimilarities(_ images: [ImageRecord]) throws -> [Double?] {
    let prototypes = try Prototypes.byIdentity(
      first.unit, labels: first.identities.map { $0.map { Int($0) } })
    let places = Dictionary(
      uniqueKeysWithValues: prototypes.identities.enumerated().map { ($1, $0) })
    return images.map { image in
      guard let row = rowOf[image.id], let identity = image.identity,
        let place = places[Int(identity)]
      else { return nil }
      return zip(first.unit[row: row], prototypes.directions[row: place])
        .reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
  }
}
