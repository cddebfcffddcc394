import Analysis
import Cataloging
import Domain

/// The search behind `DedupStep`: exact digests, then pairs that pass both keys.
struct DuplicateSearch {
  let images: [ImageRecord]
  let identity: EmbeddedImages
  let pictures: PictureComparison
  /// First key: cosine in the identity space.
  let floor: CosineSimilarity
  let options: DedupStep.Options
  let threads: Int

  /// What is known of a pair that counts as duplicate.
  private struct Match {
    var tier: String
    var identity: CosineSimilarity?
    var image: CosineSimilarity?
    var isMirrored: Bool
  }

  /// One record per proposed removal, by keeper, then by removed image.
  func run(
    builder: any VectorIndexBuilder, progress: any ProgressReporter
  ) throws -> [PairRecord] {
    let places = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($1.id, $0) })
    var matches: [Int: [Int: Match]] = [:]
    for (a, b) in exactPairs() { matches[a, default: [:]][b] = exactMatch }
    progress.begin("searching near-duplicates", total: nil, unit: "pairs")
    for (a, b, match) in try nearPairs(builder: builder) {
      guard let first = places[a], let second = places[b] else { continue }
      let (low, high) = (min(first, second), max(first, second))
      if matches[low]?[high] == nil { matches[low, default: [:]][high] = match }
    }
    progress.advance(to: matches.values.reduce(0) { $0 + $1.count })
    progress.end(nil)
    return try records(matches)
  }

  private var exactMatch: Match {
    Match(tier: DuplicateTier.exact.rawValue, identity: nil, image: nil, isMirrored: false)
  }

  /// Pairs of places in `images` with the same file content.
  private func exactPairs() -> [(Int, Int)] {
    var byDigest: [String: [Int]] = [:]
    for (place, image) in images.enumerated() {
      if let digest = image.facts.digest { byDigest[digest, default: []].append(place) }
    }
    return byDigest.values.flatMap { places in
      places.indices.flatMap { first in
        places[(first + 1)...].map { (places[first], $0) }
      }
    }
  }

  private func nearPairs(
    builder: any VectorIndexBuilder
  ) throws -> [(Int64, Int64, Match)] {
    let ids = identity.images
    let candidates = try builder.index(identity.unit).pairs(from: identity.unit, atLeast: floor)
      .filter { $0.query < $0.target }
    let answers = try pictures.compare(
      candidates.map { (ids[$0.query], ids[$0.target]) }, threads: threads)
    return zip(candidates, answers).compactMap { pair, answer in
      guard let tier = tier(pair.similarity, answer) else { return nil }
      let match = Match(
        tier: tier.rawValue, identity: pair.similarity,
        image: [answer.image, answer.registered].compactMap { $0 }.max(),
        isMirrored: answer.isMirrored && (answer.image ?? floor) < options.imageSimilarity)
      return (ids[pair.query], ids[pair.target], match)
    }
  }

  /// Both keys, unless the user asked for one space alone.
  private func tier(
    _ identity: CosineSimilarity, _ answer: PictureComparison.Answer
  ) -> DuplicateTier? {
    guard options.onlySpace == nil else { return .nearDuplicate }
    let rule = TwoKeyRule(
      identityFloor: floor, imageFloor: options.imageSimilarity,
      registeredFloor: options.registeredCorrelation)
    return rule.tier(identity: identity, image: answer.image, registered: answer.registered)
  }

  /// Sharper is better, in steps of about 20 %, so that rounding does not decide; then the oldest.
  private func preference(_ image: ImageRecord) -> Double {
    guard let sharpness = image.facts.sharpness, sharpness > 1 else { return 0 }
    let exponent = Double(sharpness.exponent) + (sharpness.significand - 1)
    return (exponent * 4).rounded(.down)
  }

  private func records(_ matches: [Int: [Int: Match]]) throws -> [PairRecord] {
    let pairs = matches.flatMap { a, others in
      others.map { b, match in
        SimilarPair(a: a, b: b, similarity: match.identity ?? CosineSimilarity(1))
      }
    }
    let groups = try DuplicateGroups.form(pairs: pairs, ranking: images.map(preference))
    return groups.flatMap { group in
      group.members.compactMap { member in
        let (low, high) = (min(group.keeper, member.item), max(group.keeper, member.item))
        guard let match = matches[low]?[high] else { return nil }
        return PairRecord(
          kind: .duplicate, kept: images[group.keeper].id, removed: images[member.item].id,
          tier: match.tier, identitySimilarity: match.identity, imageSimilarity: match.image,
          isMirrored: match.isMirrored, verdict: PairVerdict.quarantine.rawValue)
      }
    }
  }
}
