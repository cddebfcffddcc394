import Analysis
import Cataloging
import Domain
import LinearAlgebra

/// Passes candidates through the gates, the cheap ones first: face, sharpness, spread, own identity,
/// other identities, leaks, equal and close pictures, near-duplicates. What only a later gate needs is not
/// computed for candidates that fell earlier; their similarities stay nil.
struct CandidateJudge {
  /// What the candidates are held against.
  struct Ground {
    /// One prototype per identity that has one.
    var prototypes: Prototypes
    /// The reference gallery's unit vectors, where there is one.
    var gallery: (any VectorIndex)?
    /// Several prototypes per person of the gallery, and the cosine a candidate must stay below.
    var galleryPrototypes: Vectors?
    var prototypeFloor = CosineSimilarity(2)
    /// Identity vectors of every image in the set when the request began.
    var images: any VectorIndex
    /// Ids of those images, by row of `images`.
    var imageIDs: [Int64]
    /// Image vectors and thumbnails of the same images.
    var pictures: PictureComparison
    /// Perceptual hashes of the same images.
    var hashes: [Int64: PictureHash]
    /// Every picture that was there when the request began.
    var known: KnownPictures
  }

  /// Places of spaces in the chain.
  struct Places {
    var identity: Int
    var mirrored: Int?
    var image: Int?
    var pixel: Int?
  }

  /// What was measured on a candidate, and the verdict.
  struct Judgement: Equatable, Sendable {
    var measures = AttemptSimilarities()
    /// Nil when accepted.
    var rejection: String?

    /// True where the picture may show a real person.
    var isLeak: Bool { rejection.map(RejectionTally.word) == GateReason.Test.leak.rawValue }

    /// True where there are enough pictures like it, whatever else it is.
    var isSpread: Bool { rejection.map(RejectionTally.word) == GateReason.Test.spread.rawValue }
  }

  let ground: Ground
  let gates: GateRule
  /// Both keys of a near-duplicate.
  let rule: TwoKeyRule
  let places: Places
  let maker: CandidateMaker
  /// Candidates accepted so far in this request: they count as images of the set.
  var accepted: AcceptedCandidates
  private let ownRows: [Int: Int]

  init(
    ground: Ground, gates: GateRule, rule: TwoKeyRule, places: Places, maker: CandidateMaker,
    builder: any VectorIndexBuilder
  ) {
    self.ground = ground
    self.gates = gates
    self.rule = rule
    self.places = places
    self.maker = maker
    accepted = AcceptedCandidates(
      places: places, width: maker.chain.spaces[places.identity].width,
      hashDistance: ground.known.hashDistance, builder: builder)
    ownRows = Dictionary(
      uniqueKeysWithValues: ground.prototypes.identities.enumerated().map { ($1, $0) })
  }

  /// Counts a candidate that an earlier run accepted.
  mutating func resume(_ made: CandidateMaker.Made) throws { try accepted.append(made) }

  /// Judges a chunk in order; accepted ones count as images of the set from then on.
  ///
  /// - Parameter spread: by identity, as it was before the chunk.
  mutating func judge(
    _ made: inout [CandidateMaker.Made], identities: [Int64],
    spread: [Int64: SpreadTargets] = [:]
  ) throws -> [Judgement] {
    var race = Race(made)
    passFaces(&race, made)
    passIdentities(&race, made, identities)
    try passScores(&race, &made, identities, spread)
    try passLeaks(&race, &made)
    try maker.mark(&made, rows: race.rows)
    try passKnown(&race, made)
    let spaces = made.first?.values.indices.map { $0 } ?? []
    let asked = places.mirrored != nil && hasGallery ? places.mirrored : nil
    try maker.embed(
      &made, rows: race.rows, places: spaces.filter { $0 != places.identity && $0 != asked })
    try passDuplicates(&race, made, SpreadWatch(identities, spread))
    return race.judgements
  }

  /// Of refused candidates, those whose face no person of the gallery has, whatever they fell at: they
  /// may be kept to look at. One without a face cannot be told.
  func harmless(
    _ rows: [Int], _ made: inout [CandidateMaker.Made], _ judgements: [Judgement]
  ) throws -> Set<Int> {
    let told = rows.filter {
      judgements[$0].rejection != nil && !judgements[$0].isLeak && made[$0].face != nil
    }
    guard hasGallery else { return Set(told) }
    // Those that reached the gate have passed it.
    let isThrough = Set(told.filter { judgements[$0].measures.leak != nil })
    var race = Race(made)
    race.rows = told.filter { !isThrough.contains($0) }
    try passLeaks(&race, &made)
    return isThrough.union(race.rows)
  }

  /// The candidates of a chunk, and who is still in the race.
  struct Race {
    var judgements: [Judgement]
    var rows: [Int]

    init(_ made: [CandidateMaker.Made]) {
      judgements = made.map { _ in Judgement() }
      rows = Array(made.indices)
    }

    /// Sends those off that `gate` gives a reason for.
    mutating func pass(_ gate: (Int, inout AttemptSimilarities) throws -> String?) rethrows {
      rows = try rows.filter { row in
        judgements[row].rejection = try gate(row, &judgements[row].measures)
        return judgements[row].rejection == nil
      }
    }
  }

  var hasGallery: Bool { ground.gallery != nil || ground.galleryPrototypes != nil }

  private func passFaces(_ race: inout Race, _ made: [CandidateMaker.Made]) {
    race.pass { row, _ in
      guard made[row].face != nil else { return made[row].obstacle }
      return gates.blurred(made[row].sharpness)?.text ?? made[row].refusal
    }
  }

  /// Scores are dear: they are asked for where a target needs them, of those that are themselves.
  private func passScores(
    _ race: inout Race, _ made: inout [CandidateMaker.Made], _ identities: [Int64],
    _ spread: [Int64: SpreadTargets]
  ) throws {
    let rows = race.rows.filter { spread[identities[$0]]?.needsScores ?? false }
    guard !rows.isEmpty else { return }
    try maker.score(&made, rows: rows)
    race.pass { row, _ in spread[identities[row]]?.refusal(SpreadValues(made[row])) }
  }

  private func passIdentities(
    _ race: inout Race, _ made: [CandidateMaker.Made], _ identities: [Int64]
  ) {
    let directions = ground.prototypes.directions
    race.pass { row, measures in
      var own = CosineSimilarity(-1)
      let unit = made[row].unit[places.identity]
      if unit.allSatisfy({ $0 == 0 }) {
        own = CosineSimilarity(.nan)
      } else if let place = ownRows[Int(identities[row])] {
        own = CosineSimilarity(
          Vectors(count: 1, width: unit.count, values: unit).dot(row: 0, directions, row: place))
      }
      measures.own = own
      return gates.unlike(own)?.text
    }
    guard directions.count > 0, !race.rows.isEmpty else { return }
    let products = unitRows(made, race.rows, places.identity).similarities(to: directions)
    let numbers = Dictionary(uniqueKeysWithValues: race.rows.enumerated().map { ($1, $0) })
    race.pass { row, measures in
      guard let own = measures.own, let number = numbers[row] else { return nil }
      let ownPlace = ownRows[Int(identities[row])]
      let first = number * directions.count
      for place in 0..<directions.count where place != ownPlace {
        let similarity = CosineSimilarity(products[first + place])
        measures.other = max(measures.other ?? similarity, similarity)
      }
      return gates.nearAnother(measures.other, own: own)?.text
    }
  }

  /// As they are, then mirrored; against every image, then against every prototype of the gallery.
  private func passLeaks(_ race: inout Race, _ made: inout [CandidateMaker.Made]) throws {
    guard hasGallery else { return }
    try passGallery(&race, made, places.identity)
    guard let mirrored = places.mirrored else { return }
    try maker.embed(&made, rows: race.rows, places: [mirrored])
    try passGallery(&race, made, mirrored)
  }

  private func passGallery(
    _ race: inout Race, _ made: [CandidateMaker.Made], _ place: Int
  ) throws {
    let rows = race.rows.filter { row in made[row].unit[place].contains { $0 != 0 } }
    guard !rows.isEmpty else { return }
    let queries = unitRows(made, rows, place)
    var nearest: [Int: CosineSimilarity] = [:]
    for pair in try ground.gallery?.nearest(1, to: queries) ?? [] {
      nearest[rows[pair.query]] = pair.similarity
    }
    race.pass { row, measures in
      measures.leak = Self.stronger(measures.leak, nearest[row])
      return gates.leaks(nearest[row])?.text
    }
    guard let prototypes = ground.galleryPrototypes, prototypes.count > 0 else { return }
    let products = queries.similarities(to: prototypes)
    let numbers = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
    race.pass { row, _ in
      guard let number = numbers[row] else { return nil }
      let highest = products[number * prototypes.count..<(number + 1) * prototypes.count].max()
      guard let highest, !(highest < ground.prototypeFloor.value) else { return nil }
      return GateReason(
        test: .leak, measured: Double(highest), limit: Double(ground.prototypeFloor.value)
      ).text
    }
  }

  func unitRows(_ made: [CandidateMaker.Made], _ rows: [Int], _ place: Int) -> Vectors {
    Vectors(width: maker.chain.spaces[place].width, rows: rows.map { made[$0].unit[place] })
  }

  static func stronger(_ a: CosineSimilarity?, _ b: CosineSimilarity?) -> CosineSimilarity? {
    guard let a else { return b }
    return b.map { max(a, $0) } ?? a
  }
}
