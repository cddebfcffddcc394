import Cataloging
import Domain
import Files

/// Identities that were sampled on the sphere: a name and one vector of the identity space, no picture.
/// The vector is kept as embeddings are, of an image without a file; `fill` makes the pictures.
public enum SampledIdentities {
  /// The layout of their source.
  public static let layout = "sampled-identities"
}

extension StepContext {
  /// Where sampled identities are said to come from; nothing lies there.
  var sampledRoot: String { Paths.join(workspace.generatedFolder, SampledIdentities.layout) }

  /// Their source; nil where none was ever sampled.
  func sampledSource() async throws -> SourceRecord? {
    try await catalog.sources().first { $0.layout == SampledIdentities.layout }
  }

  /// The images that stand for sampled identities, those put aside among them.
  func sampledImages() async throws -> Set<Int64> {
    guard let source = try await sampledSource() else { return [] }
    let filter = ImageFilter(
      populations: [source.population], source: source.id, includesQuarantined: true)
    return Set(try await catalog.images(filter).map(\.id))
  }

  /// What an identity is told by: its digital images, or the vector it was sampled as. Generated
  /// pictures take no part, so that an identity does not drift with what is made of it.
  func identityOriginals() async throws -> EmbeddedImages {
    let sampled = try await sampledImages()
    guard !sampled.isEmpty else { return try await require(Space.identity, [.digital]) }
    return try await require(Space.identity, [.digital, .generated]).filtered {
      $0.population == .digital || sampled.contains($0.image)
    }
  }

  /// Identities of the digital sources, and sampled ones that were not put aside, by id.
  func identitiesToFill() async throws -> [IdentityRecord] {
    let digital = Set(
      try await catalog.sources().filter { $0.population == .digital }.map(\.id))
    var inForce = Set<Int64>()
    if let source = try await sampledSource() {
      let filter = ImageFilter(populations: [source.population], source: source.id)
      inForce = Set(try await catalog.images(filter).compactMap(\.identity))
    }
    return try await catalog.identities().filter {
      digital.contains($0.source) || inForce.contains($0.id)
    }
  }
}
