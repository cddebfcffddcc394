import Analysis
import Cataloging
import Cryptography
import Domain

/// The images of the set that take part in a search for collisions.
struct CollisionGround: Sendable {
  /// Images with an identity and a usable vector.
  var images: EmbeddedImages
  /// One mean direction per identity.
  var prototypes: Prototypes
  /// Images that belong to no identity: they collide with nobody.
  var withoutIdentity: Int
  /// SHA-256, in hex, over which images these are.
  var digest: String

  /// All images but those that were put aside for another reason: what this step itself put aside
  /// stays in, so that its result does not change by being applied.
  static func load(
    _ options: CollisionsStep.Options, in context: StepContext
  ) async throws -> CollisionGround {
    let all = try await context.require(
      options.space, options.populations, includesQuarantined: true)
    let aside = Set(
      try await context.catalog.quarantined()
        .filter { $0.decision.rule != CollisionsStep.rule }.map(\.decision.image))
    let set = all.filtered { !aside.contains($0.image) }
    let images = set.filtered { $0.identity != nil }
    let members = images.images.map(String.init).joined(separator: " ")
    return CollisionGround(
      images: images,
      prototypes: try Prototypes.byIdentity(
        images.unit, labels: images.identities.map { $0.map(Int.init) }),
      withoutIdentity: set.locations.count - images.locations.count,
      digest: SHA256.hex(of: "\(all.digest)\n\(members)"))
  }

  /// Images per identity, by the identities' order in `prototypes`.
  var sizes: [Int] { prototypes.counts }
}
