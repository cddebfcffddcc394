import Analysis
import Cataloging
import Domain
import LinearAlgebra

/// The gates of repeated pictures: the tiers of `dedup`, against the set and what was accepted so far.
extension CandidateJudge {
  /// Equal and close pictures among those that were there before the chunk.
  func passKnown(_ race: inout Race, _ made: [CandidateMaker.Made]) throws {
    race.pass { row, measures in
      let found = ground.known.find(made[row].marks) ?? accepted.known.find(made[row].marks)
      return reason(found, &measures)
    }
  }

  /// Near-duplicates, one candidate after the other: whoever is accepted counts for those behind, in the
  /// bins of the spread as well.
  mutating func passDuplicates(
    _ race: inout Race, _ made: [CandidateMaker.Made], _ watch: SpreadWatch
  ) throws {
    guard !race.rows.isEmpty else { return }
    var watch = watch
    let rows = race.rows
    let queries = unitRows(made, rows, places.identity)
    let before = accepted.count
    let hits = FirstKeyHits(
      base: try ground.images.pairs(from: queries, atLeast: rule.identityFloor),
      accepted: try accepted.index.pairs(from: queries, atLeast: rule.identityFloor),
      count: rows.count)
    let numbers = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
    try race.pass { row, measures in
      guard let number = numbers[row] else { return nil }
      // Whoever was accepted in this chunk is not in the answers of the indexes yet.
      if let repeated = reason(accepted.fresh(since: before).find(made[row].marks), &measures) {
        return repeated
      }
      let query = Vectors(count: 1, width: queries.width, values: Array(queries[row: number]))
      let earlier = accepted.hits(
        hits.accepted[number], and: query, since: before, atLeast: rule.identityFloor)
      let second =
        hits.base[number].map { pair in secondKey(made[row], base: pair) }
        + earlier.map { place, similarity in
          secondKey(made[row], accepted.pictures[place], similarity)
        }
      measures.duplicate = recorded(
        second.compactMap(\.similarity).max(), second.contains(where: \.isDuplicate))
      if let reason = gates.duplicates(measures.duplicate) { return reason.text }
      if let reason = watch.refusal(row, SpreadValues(made[row])) { return reason }
      try accepted.append(made[row])
      return nil
    }
  }

  /// What the indexes answered to the first key, by query.
  private struct FirstKeyHits {
    var base: [[VectorPair]]
    var accepted: [[VectorPair]]

    init(base: [VectorPair], accepted: [VectorPair], count: Int) {
      self.base = Array(repeating: [], count: count)
      self.accepted = self.base
      for pair in base { self.base[pair.query].append(pair) }
      for pair in accepted { self.accepted[pair.query].append(pair) }
    }
  }

  /// What the second key says of a pair that the first has found.
  private struct SecondKey {
    var similarity: CosineSimilarity?
    var isDuplicate: Bool
  }

  private func secondKey(_ made: CandidateMaker.Made, base pair: VectorPair) -> SecondKey {
    let id = ground.imageIDs[pair.target]
    let answer = ground.pictures.compare(
      image: vector(made, places.image), thumbnail: vector(made, places.pixel), with: id)
    return decide(pair.similarity, answer, made.marks.hash, ground.hashes[id])
  }

  private func secondKey(
    _ made: CandidateMaker.Made, _ other: AcceptedCandidates.Picture,
    _ identity: CosineSimilarity
  ) -> SecondKey {
    func both(
      _ a: ArraySlice<Float>?, _ b: [Float]?
    ) -> (ArraySlice<Float>, ArraySlice<Float>)? {
      guard let a, let b else { return nil }
      return (a, b[...])
    }
    let answer = PictureComparison.compare(
      images: both(vector(made, places.image), other.image),
      thumbnails: both(vector(made, places.pixel), other.thumbnail))
    return decide(identity, answer, made.marks.hash, other.hash)
  }

  private func decide(
    _ identity: CosineSimilarity, _ answer: PictureComparison.Answer, _ hash: PictureHash?,
    _ other: PictureHash?
  ) -> SecondKey {
    var bits: Int?
    if let hash, let other {
      bits = min(hash.distance(to: other), hash.mirrored.distance(to: other))
    }
    let tier = rule.tier(
      identity: identity, image: answer.image, registered: answer.registered, hashDistance: bits)
    return SecondKey(
      similarity: Self.stronger(answer.image, answer.registered), isDuplicate: tier != nil)
  }

  /// One number for both second keys: at or above the gate's floor exactly for a duplicate.
  private func recorded(
    _ similarity: CosineSimilarity?, _ isDuplicate: Bool
  ) -> CosineSimilarity? {
    let floor = gates.duplicateFloor.value
    // 1 itself is kept for equal pixels.
    let highest = RejectionTally.samePicture.nextDown
    guard isDuplicate else {
      return similarity.map { CosineSimilarity(min($0.value, floor.nextDown)) }
    }
    return CosineSimilarity(min(max(similarity?.value ?? floor, floor), highest))
  }

  private func reason(
    _ found: KnownPictures.Repeat?, _ measures: inout AttemptSimilarities
  ) -> String? {
    guard let found else { return nil }
    let one = CosineSimilarity(RejectionTally.samePicture)
    switch found {
    case .realPicture:
      measures.leak = one
      let limit = Double(min(1, gates.leakFloor.value))
      return GateReason(test: .leak, measured: 1, limit: limit).text
    case .samePicture:
      measures.duplicate = one
      return gates.duplicates(one)?.text
    case .closeHash(let bits):
      let share = 1 - Float(bits) / Float(PictureHash.bitCount)
      measures.duplicate = recorded(CosineSimilarity(share), true)
      return gates.duplicates(measures.duplicate)?.text
    }
  }

  private func vector(_ made: CandidateMaker.Made, _ place: Int?) -> ArraySlice<Float>? {
    place.map { made.unit[$0][...] }
  }
}
