import Analysis
import Cataloging
import Diagnostics
import Domain

/// What a search by class means would have found of the leaks that were found: one mean per identity
/// on both sides, compared at the same false-match rate.
struct ClassMeansComparison {
  let ground: LeakGround
  let seed: UInt64

  /// Null where the gallery has too few identities to measure a threshold for means.
  /// - Parameter leaks: the matches that are to be rejected.
  func document(
    of leaks: [LeakRecord], builder: any VectorIndexBuilder
  ) throws -> JSONValue {
    let suspects = try ClassMeans(ground.suspects.unit, labels: ground.suspectLabels)
    let gallery = try ClassMeans(ground.gallery.unit, labels: ground.galleryLabels)
    let scores = try gallery.impostors(seed: seed)
    let decide = ground.samples.decide
    guard let point = try decide.moved(to: scores, of: "pairs of gallery class means") else {
      return .null
    }
    let flagged = try builder.index(gallery.directions)
      .pairs(from: suspects.directions, atLeast: point.similarity)
    let isFlagged = Set(flagged.map { [$0.query, $0.target] })
    let suspectRows = ground.suspects.rows()
    let galleryRows = ground.gallery.rows()
    var leaking = (images: Set<Int64>(), classes: Set<Int>())
    var found = leaking
    for pair in leaks.map(\.pair) {
      guard let row = suspectRows[pair.removed], let suspect = suspects.places[row],
        let other = galleryRows[pair.kept].flatMap({ gallery.places[$0] })
      else { continue }
      leaking.images.insert(pair.removed)
      leaking.classes.insert(suspect)
      guard isFlagged.contains([suspect, other]) else { continue }
      found.images.insert(pair.removed)
      found.classes.insert(suspect)
    }
    return [
      "found": .int(found.images.count), "of": .int(leaking.images.count),
      "identitiesFound": .int(found.classes.count), "identitiesOf": .int(leaking.classes.count),
      "identitiesFlagged": .int(Set(flagged.map(\.query)).count),
      "suspectMeans": .int(suspects.count), "galleryMeans": .int(gallery.count),
      "comparisons": .int(suspects.count * gallery.count), "threshold": point.document,
      "thresholdText": .string(point.text),
    ]
  }
}
