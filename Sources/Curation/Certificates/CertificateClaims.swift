import Diagnostics
import Domain

/// What a leak certificate says, as far as a workspace can check it.
struct CertificateClaims: Sendable {
  struct Hit: Sendable {
    var suspect: Int
    var reference: Int
    var asIs: Float
  }

  let populations: Set<Population>
  let gallery: Population
  let space: String
  let encoder: String
  let tested: Int
  let templates: Int
  let setDigest: String
  let galleryDigest: String
  let threshold: Float
  let hits: [Hit]
  let ledgerHead: String
  let decisions: Int

  /// Nil where the document lacks something.
  init?(_ document: JSONValue) {
    guard let set = document["set"], let gallery = document["gallery"],
      let populations = set["populations"]?.arrayValue,
      let reference = gallery["population"]?.stringValue.flatMap(Population.init),
      let space = document["encoder"]?["space"]?.stringValue,
      let encoder = document["encoder"]?["digest"]?.stringValue,
      let tested = set["tested"]?.intValue, let templates = gallery["templates"]?.intValue,
      let setDigest = set["digest"]?.stringValue,
      let galleryDigest = gallery["digest"]?.stringValue,
      let threshold = document["threshold"]?["similarityAtLeast"]?.doubleValue,
      let hits = document["hits"]?.arrayValue,
      let head = document["ledger"]?["head"]?.stringValue,
      let decisions = document["ledger"]?["decisions"]?.intValue
    else { return nil }
    self.populations = Set(populations.compactMap { $0.stringValue.flatMap(Population.init) })
    self.gallery = reference
    self.space = space
    self.encoder = encoder
    self.tested = tested
    self.templates = templates
    self.setDigest = setDigest
    self.galleryDigest = galleryDigest
    self.threshold = Float(threshold)
    self.hits = hits.compactMap { hit in
      guard let suspect = hit["suspect"]?.intValue, let reference = hit["reference"]?.intValue,
        let asIs = hit["asIs"]?.doubleValue
      else { return nil }
      return Hit(suspect: suspect, reference: reference, asIs: Float(asIs))
    }
    guard self.hits.count == hits.count else { return nil }
    ledgerHead = head
    self.decisions = decisions
    guard !self.populations.isEmpty else { return nil }
  }
}
