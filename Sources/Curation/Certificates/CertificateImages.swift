import Cataloging
import Cryptography
import Diagnostics
import Domain

/// The two sides of a leak search, with what a certificate commits to.
struct CertifiedImages: Sendable {
  let suspects: EmbeddedImages
  let gallery: EmbeddedImages
  let suspectList: CertificateCommitments
  let galleryList: CertificateCommitments
  /// Every current image of the suspects' populations, by id.
  let records: [Int64: ImageRecord]
  let populations: Set<Population>
  let galleryPopulation: Population

  static func load(
    suspects populations: Set<Population>, gallery: Population, space: String,
    in context: StepContext
  ) async throws -> CertifiedImages {
    let suspects = try await context.require(space, populations, includesQuarantined: true)
    let images = try await context.require(space, [gallery], includesQuarantined: true)
    let records = try await context.catalog.images(
      ImageFilter(populations: populations, includesQuarantined: true))
    let byID = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) })
    return CertifiedImages(
      suspects: suspects, gallery: images,
      suspectList: .suspects(suspects, digests: byID.compactMapValues(\.facts.digest)),
      galleryList: .gallery(images.unit, space: images.space), records: byID,
      populations: populations,
      galleryPopulation: gallery)
  }

  /// Images of the set that stay and have no vector to compare.
  var untested: Int {
    let tested = Set(suspects.images)
    return records.values.count { !$0.isQuarantined && !tested.contains($0.id) }
  }

  /// The images under test, and those that stay.
  func setDocument(in context: StepContext) async throws -> JSONValue {
    let staying = suspects.filtered { records[$0.image]?.isQuarantined == false }
    let list = CertificateCommitments.suspects(
      staying, digests: records.compactMapValues(\.facts.digest))
    return [
      "populations": .array(populations.sorted().map { .string($0.rawValue) }),
      "tested": .int(suspects.unit.count), "digest": .string(suspectList.root),
      "remaining": .int(staying.unit.count), "remainingDigest": .string(list.root),
      "untested": .int(untested),
      "rejectedFiles": .int(try await rejected(populations, in: context)),
    ]
  }

  func galleryDocument(in context: StepContext) async throws -> JSONValue {
    let sources = try await context.catalog.sources().filter {
      $0.population == galleryPopulation
    }
    let sealed = sources.filter { $0.layout == Catalog.sealedLayout }.count
    return [
      "population": .string(galleryPopulation.rawValue), "templates": .int(gallery.unit.count),
      "identities": .int(Set(gallery.identities.compactMap { $0 }).count),
      "digest": .string(galleryList.root),
      "templatesOnly": .bool(sealed == sources.count),
      "rejectedFiles": .int(try await rejected([galleryPopulation], in: context)),
    ]
  }

  private func rejected(
    _ populations: Set<Population>, in context: StepContext
  ) async throws -> Int {
    try await context.catalog.counts().outcomes
      .filter { populations.contains($0.population) && $0.outcome == .rejected }
      .reduce(0) { $0 + $1.files }
  }
}
