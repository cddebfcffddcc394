import Analysis
import Cataloging
import Domain
import LinearAlgebra

/// The search behind `LeaksStep`: every suspect, as it is and mirrored, against every image and every
/// prototype of the gallery.
struct LeakSearch {
  let ground: LeakGround
  let options: LeaksStep.Options
  let pictures: PictureComparison
  let threads: Int

  /// What two sides have in common, either way round.
  private struct Match {
    var query: Int
    var target: Int
    var asIs: CosineSimilarity?
    var mirrored: CosineSimilarity?

    var strongest: CosineSimilarity {
      guard let asIs else { return mirrored ?? CosineSimilarity(-1) }
      return mirrored.map { max(asIs, $0) } ?? asIs
    }
  }

  /// Matches with images, then those with prototypes; each by suspect, then by what it resembles.
  func run(builder: any VectorIndexBuilder) throws -> [LeakRecord] {
    try samples(builder) + prototypes(builder)
  }

  private func samples(_ builder: any VectorIndexBuilder) throws -> [LeakRecord] {
    let points = ground.samples
    let found = try matches(ground.gallery.unit, atLeast: points.floor, builder)
    let suspects = ground.suspects.images
    let gallery = ground.gallery.images
    let answers = try pictures.compare(
      found.map { (suspects[$0.query], gallery[$0.target]) }, threads: threads)
    let rule = points.rule(registered: options.registeredCorrelation)
    return zip(found, answers).compactMap { match, answer in
      let tier = rule.tier(registered: answer.registered)
      let verdict = rule.verdict(identity: match.strongest, registered: answer.registered)
      guard let orientation = orientation(match, floor: points.floor) else { return nil }
      let isMirrored = tier == .samePicture ? answer.isMirrored : orientation == .mirrored
      return LeakRecord(
        pair: PairRecord(
          kind: .leak, kept: gallery[match.target], removed: suspects[match.query],
          tier: tier.rawValue, identitySimilarity: match.strongest,
          imageSimilarity: answer.registered, isMirrored: isMirrored,
          verdict: Self.word(verdict)),
        asIs: match.asIs, mirrored: match.mirrored, orientation: orientation.rawValue)
    }
  }

  private func prototypes(_ builder: any VectorIndexBuilder) throws -> [LeakRecord] {
    guard let points = ground.prototypePoints, ground.prototypes.count > 0 else { return [] }
    let found = try matches(ground.prototypes.directions, atLeast: points.floor, builder)
    let rule = points.rule(registered: options.registeredCorrelation)
    return strongestPerIdentity(found).compactMap { match in
      let entry = ground.prototypes.entries[match.target]
      guard let orientation = orientation(match, floor: points.floor) else { return nil }
      return LeakRecord(
        pair: PairRecord(
          kind: .leak, kept: ground.gallery.locations[entry.nearest].image,
          removed: ground.suspects.locations[match.query].image,
          tier: LeakTier.prototype.rawValue, identitySimilarity: match.strongest,
          isMirrored: orientation == .mirrored,
          verdict: Self.word(rule.verdict(identity: match.strongest, registered: nil))),
        asIs: match.asIs, mirrored: match.mirrored, orientation: orientation.rawValue,
        prototype: .init(number: entry.number, of: entry.of, members: entry.members.count))
    }
  }

  /// Of the prototypes of one identity that a suspect matches, the nearest speaks for all.
  private func strongestPerIdentity(_ matches: [Match]) -> [Match] {
    var best: [[Int]: Match] = [:]
    for match in matches {
      let key = [match.query, ground.prototypes.entries[match.target].identity]
      if match.strongest > best[key]?.strongest ?? CosineSimilarity(-2) { best[key] = match }
    }
    return best.values.sorted { ($0.query, $0.target) < ($1.query, $1.target) }
  }

  private func orientation(_ match: Match, floor: CosineSimilarity) -> LeakOrientation? {
    LeakOrientation(asIs: match.asIs, mirrored: match.mirrored, floor: floor)
  }

  private static func word(_ verdict: LeakVerdict) -> String {
    (verdict == .leak ? PairVerdict.quarantine : .review).rawValue
  }

  /// Pairs of a suspect and a target that reach `floor` either way round, with both cosines.
  private func matches(
    _ targets: Vectors, atLeast floor: CosineSimilarity, _ builder: any VectorIndexBuilder
  ) throws -> [Match] {
    let index = try builder.index(targets)
    // By place in a table of suspects × targets.
    var found: [Int: Match] = [:]
    for pair in try index.pairs(from: ground.suspects.unit, atLeast: floor) {
      found[pair.query * targets.count + pair.target] = Match(
        query: pair.query, target: pair.target, asIs: pair.similarity)
    }
    guard let mirrored = ground.mirrored else { return sorted(found) }
    let rows = ground.suspects.rows()
    let suspectRows = mirrored.locations.map { rows[$0.image] ?? 0 }
    for pair in try index.pairs(from: mirrored.unit, atLeast: floor) {
      let query = suspectRows[pair.query]
      let place = query * targets.count + pair.target
      found[place, default: Match(query: query, target: pair.target)].mirrored = pair.similarity
    }
    let mirroredRows = mirrored.rows()
    let suspects = ground.suspects
    return sorted(found).map { match in
      var match = match
      if match.asIs == nil {
        match.asIs = CosineSimilarity(
          suspects.unit.dot(row: match.query, targets, row: match.target))
      }
      let image = suspects.locations[match.query].image
      if match.mirrored == nil, let row = mirroredRows[image] {
        match.mirrored = CosineSimilarity(mirrored.unit.dot(row: row, targets, row: match.target))
      }
      return match
    }
  }

  private func sorted(_ found: [Int: Match]) -> [Match] {
    found.values.sorted { ($0.query, $0.target) < ($1.query, $1.target) }
  }
}
