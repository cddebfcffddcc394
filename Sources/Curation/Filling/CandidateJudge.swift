import Analysis
import Cataloging
import Domain
import LinearAlgebra

/// Passes candidates through the gates: own identity, other identities, leaks, duplicates.
struct CandidateJudge {
  /// What the candidates are held against.
  struct Ground {
    /// One prototype per identity that has one.
    var prototypes: Prototypes
    /// The reference gallery's unit vectors, where there is one.
    var gallery: (any VectorIndex)?
    /// Identity vectors of every image in the set when the request began.
    var images: (any VectorIndex)?
    /// Ids of those images, by row of `images`.
    var imageIDs: [Int64]
    /// Image vectors and thumbnails of the same images.
    var pictures: PictureComparison
  }

  let ground: Ground
  let gates: GateRule
  /// First key of a duplicate.
  let duplicateFloor: CosineSimilarity
  /// Second key in the image space.
  let imageFloor: CosineSimilarity
  /// Places of spaces in the chain.
  struct Places {
    var identity: Int
    var mirrored: Int?
    var image: Int?
    var pixel: Int?
  }

  let places: Places
  /// Candidates accepted so far in this request: they count as images of the set.
  private(set) var accepted: [CandidateMaker.Made] = []

  init(
    ground: Ground, gates: GateRule, duplicateFloor: CosineSimilarity,
    imageFloor: CosineSimilarity, places: Places
  ) {
    self.ground = ground
    self.gates = gates
    self.duplicateFloor = duplicateFloor
    self.imageFloor = imageFloor
    self.places = places
  }

  /// What was measured on a candidate, and the verdict.
  struct Judgement {
    var measures: AttemptSimilarities
    /// Nil when accepted.
    var rejection: String?
  }

  /// Counts a candidate as an image of the set from now on.
  mutating func accept(_ made: CandidateMaker.Made) { accepted.append(made) }

  /// Judges one candidate of `identity`.
  func judge(_ made: CandidateMaker.Made, identity: Int64) throws -> Judgement {
    guard made.face != nil else {
      return Judgement(measures: AttemptSimilarities(), rejection: made.obstacle)
    }
    let unit = made.unit[places.identity]
    let query = Vectors(count: 1, width: unit.count, values: unit)
    var own = CosineSimilarity(-1)
    var other: CosineSimilarity?
    for (index, value) in query.similarities(to: ground.prototypes.directions).enumerated() {
      let similarity = CosineSimilarity(value)
      if ground.prototypes.identities[index] == Int(identity) {
        own = similarity
      } else {
        other = max(other ?? similarity, similarity)
      }
    }
    let leak = try nearestReference(made, query: query)
    let duplicate = try nearestDuplicate(made, query: query)
    var measured = CandidateMeasures(
      own: own, nearestOther: other, leak: leak, duplicate: duplicate)
    measured.sharpness = made.sharpness
    let measures = AttemptSimilarities(own: own, other: other, leak: leak, duplicate: duplicate)
    switch gates.verdict(measured) {
    case .accepted: return Judgement(measures: measures, rejection: nil)
    case .rejected(let reason): return Judgement(measures: measures, rejection: reason.text)
    }
  }

  /// The similarity to the nearest image of the gallery, either way round.
  private func nearestReference(
    _ made: CandidateMaker.Made, query: Vectors
  ) throws -> CosineSimilarity? {
    let asIs = try ground.gallery?.nearest(1, to: query).first?.similarity
    guard let place = places.mirrored else { return asIs }
    let mirrored = made.unit[place]
    guard mirrored.contains(where: { $0 != 0 }) else { return asIs }
    let turned = Vectors(count: 1, width: mirrored.count, values: mirrored)
    return stronger(asIs, try ground.gallery?.nearest(1, to: turned).first?.similarity)
  }

  /// The picture similarity to the nearest image that passes the first key; at or above the gate's
  /// floor exactly when both keys pass.
  private func nearestDuplicate(
    _ made: CandidateMaker.Made, query: Vectors
  ) throws -> CosineSimilarity? {
    var nearest: CosineSimilarity?
    for pair in try ground.images?.pairs(from: query, atLeast: duplicateFloor) ?? [] {
      let id = ground.imageIDs[pair.target]
      let answer = ground.pictures.compare(
        image: vector(made, places.image), thumbnail: vector(made, places.pixel), with: id)
      nearest = stronger(nearest, measure(answer))
    }
    let unit = made.unit[places.identity]
    for earlier in accepted {
      guard dot(unit, earlier.unit[places.identity]) >= duplicateFloor.value else { continue }
      let answer = PictureComparison.compare(
        images: pair(made, earlier, places.image), thumbnails: pair(made, earlier, places.pixel))
      nearest = stronger(nearest, measure(answer))
    }
    return nearest
  }

  /// One number for both second keys, held against the gate's floor.
  private func measure(_ answer: PictureComparison.Answer) -> CosineSimilarity? {
    let floor = gates.duplicateFloor.value
    let registered = answer.registered?.value ?? -1
    guard let image = answer.image else { return answer.registered }
    if image >= imageFloor { return CosineSimilarity(max(image.value, registered, floor)) }
    return CosineSimilarity(
      registered >= floor ? registered : min(max(image.value, registered), floor.nextDown))
  }

  private func stronger(_ a: CosineSimilarity?, _ b: CosineSimilarity?) -> CosineSimilarity? {
    guard let a else { return b }
    return b.map { max(a, $0) } ?? a
  }

  private func vector(_ made: CandidateMaker.Made, _ place: Int?) -> ArraySlice<Float>? {
    place.map { made.unit[$0][...] }
  }

  private func pair(
    _ a: CandidateMaker.Made, _ b: CandidateMaker.Made, _ place: Int?
  ) -> (ArraySlice<Float>, ArraySlice<Float>)? {
    place.map { (a.unit[$0][...], b.unit[$0][...]) }
  }

  private func dot(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
