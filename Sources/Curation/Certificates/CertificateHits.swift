import Analysis
import Cataloging
import Diagnostics
import Domain

/// The pairs a leak search found, by their places in the committed lists, and what became of them.
struct CertificateHits: Sendable {
  enum Decision: String, Sendable {
    case quarantined, kept, undecided
  }

  struct Hit: Sendable {
    /// Places in the two lists.
    var suspect: Int
    var reference: Int
    var image: Int64
    /// What the search decided by, of whatever vectors.
    var similarity: CosineSimilarity?
    /// Of the two stored vectors as they are: what a replay computes again.
    var asIs: CosineSimilarity
    var tier: String
    var decision: Decision
  }

  /// By suspect, then by reference.
  let hits: [Hit]
  /// Images whose quarantine is a person's decision.
  let quarantinedByPersons: Set<Int64>

  static func load(
    _ search: CertifiedSearch, _ images: CertifiedImages, in context: StepContext
  ) async throws -> CertificateHits {
    let suspectRows = images.suspects.rows()
    let galleryRows = images.gallery.rows()
    let kept = try await context.keptByPersons()
    let pairs = try await context.catalog.pairs(step: search.record.key)
    let found = pairs.filter { $0.verdict == PairVerdict.quarantine.rawValue }
    let hits = found.compactMap { pair -> Hit? in
      guard let suspect = suspectRows[pair.removed], let reference = galleryRows[pair.kept] else {
        return nil
      }
      let isAside = images.records[pair.removed]?.isQuarantined ?? false
      return Hit(
        suspect: images.suspectList.places[suspect],
        reference: images.galleryList.places[reference], image: pair.removed,
        similarity: pair.identitySimilarity,
        asIs: PlainDot.similarity(
          images.suspects.unit[row: suspect], images.gallery.unit[row: reference]), tier: pair.tier,
        decision: isAside ? .quarantined : kept.contains(pair.removed) ? .kept : .undecided)
    }
    let persons = try await context.catalog.quarantined().filter {
      $0.decision.author != NewDecision.rule
    }
    return CertificateHits(
      hits: hits.sorted { ($0.suspect, $0.reference) < ($1.suspect, $1.reference) },
      quarantinedByPersons: Set(persons.map(\.decision.image)))
  }

  /// Distinct images of the set, by what became of them.
  private func images(_ decision: Decision? = nil) -> Set<Int64> {
    Set(hits.filter { decision == nil || $0.decision == decision }.map(\.image))
  }

  var imageCount: Int { images().count }

  /// The word that programs read, and the sentence that people read.
  var verdict: (word: String, sentence: String) {
    let undecided = images(.undecided).count
    let kept = images(.kept).count
    if undecided > 0 {
      let noun = undecided == 1 ? "image that was found waits" : "images that were found wait"
      return ("findings", "Not clean: \(undecided) \(noun) for a decision.")
    }
    if kept > 0 {
      let noun = kept == 1 ? "image that was found stays" : "images that were found stay"
      return ("exceptions", "\(kept) \(noun) in the set by a person's decision.")
    }
    return ("clean", "Clean: no image that was found is left in the set.")
  }

  var decisions: JSONValue {
    let aside = images(.quarantined)
    return [
      "images": .int(imageCount), "pairs": .int(hits.count),
      "quarantinedByRule": .int(aside.subtracting(quarantinedByPersons).count),
      "quarantinedByPerson": .int(aside.intersection(quarantinedByPersons).count),
      "keptByPerson": .int(images(.kept).count), "undecided": .int(images(.undecided).count),
    ]
  }

  var document: JSONValue {
    .array(
      hits.map { hit in
        [
          "suspect": .int(hit.suspect), "reference": .int(hit.reference),
          "similarity": JSONValue(hit.similarity) { JSONValue($0.value) },
          "asIs": JSONValue(hit.asIs.value),
          "tier": .string(hit.tier), "decision": .string(hit.decision.rawValue),
        ]
      })
  }
}
