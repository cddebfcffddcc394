import Cataloging
import Cryptography
import Domain
import LinearAlgebra
import VectorStorage

/// The images of some populations that have a vector in one space, with those vectors at length 1.
struct EmbeddedImages: Sendable {
  let space: Space
  /// In order of image id; row `i` of `unit` belongs to `locations[i]`.
  let locations: [EmbeddingLocation]
  /// Unit vectors.
  let unit: Vectors
  /// SHA-256, in hex, over which images these are and what their vectors say.
  let digest: String

  var images: [Int64] { locations.map(\.image) }
  var identities: [Int64?] { locations.map(\.identity) }

  /// Row of an image, by its id.
  func rows() -> [Int64: Int] {
    Dictionary(uniqueKeysWithValues: locations.enumerated().map { ($1.image, $0) })
  }

  /// Keeps the rows whose location passes.
  func filtered(_ isWanted: (EmbeddingLocation) -> Bool) -> EmbeddedImages {
    let kept = locations.indices.filter { isWanted(locations[$0]) }
    return EmbeddedImages(
      space: space, locations: kept.map { locations[$0] }, unit: unit.rows(kept), digest: digest)
  }
}

extension StepContext {
  /// The space of this name that holds vectors.
  ///
  /// Throws where none does, or where several encoders have filled it.
  func space(named name: String) async throws -> Space {
    let filled = try await catalog.shards().map(\.space).filter { $0.name == name }.uniqued()
    guard filled.count < 2 else {
      throw CurationError(
        .missingInput, "space \(name) holds vectors of \(filled.count) encoders",
        hint: "index again in a new workspace, with one encoder per space")
    }
    guard let space = filled.first else {
      throw CurationError(
        .missingInput, "no image has a vector in space \(name)",
        hint: "index some: d2r-curate index FOLDER --population digital")
    }
    return space
  }

  /// SHA-256, in hex, over which images have which vectors in one space; "-" where none has.
  func embeddingDigest(
    _ spaceName: String, _ populations: Set<Population>, includesQuarantined: Bool
  ) async throws -> String {
    let table = try await table(
      spaceName, populations, includesQuarantined: includesQuarantined)
    return table.map(digest) ?? "-"
  }

  private func table(
    _ spaceName: String, _ populations: Set<Population>, includesQuarantined: Bool
  ) async throws -> EmbeddingTable? {
    guard try await catalog.shards().contains(where: { $0.space.name == spaceName }) else {
      return nil
    }
    let filter = ImageFilter(populations: populations, includesQuarantined: includesQuarantined)
    let table = try await catalog.embeddings(in: spaceName, of: filter)
    return table.locations.isEmpty ? nil : table
  }

  /// Loads unit vectors; nil where no image of these populations has a vector in that space.
  ///
  /// Throws where a vector is zero or not a number, naming the images. In the pixel space a zero row
  /// is a flat picture, which correlates with nothing, and is fine.
  func embedded(
    _ spaceName: String, _ populations: Set<Population>, includesQuarantined: Bool
  ) async throws -> EmbeddedImages? {
    guard
      let table = try await table(spaceName, populations, includesQuarantined: includesQuarantined)
    else { return nil }
    let raw = try await gather(table)
    let unit = raw.unitRows()
    guard unit.degenerate.isEmpty || spaceName == Space.pixel else {
      let named = unit.degenerate.prefix(5).map { "\(table.locations[$0].image)" }
      throw CurationError(
        .badVectors,
        """
        \(unit.degenerate.count) vectors of space \(spaceName) have no direction (zero or not a \
        number): images \(named.joined(separator: ", "))
        """, hint: "index these pictures again, or import the vectors without these rows")
    }
    return EmbeddedImages(
      space: table.space, locations: table.locations, unit: unit.vectors, digest: digest(of: table))
  }

  /// As `embedded`, and says what to do where there is nothing.
  func require(
    _ spaceName: String, _ populations: Set<Population>, includesQuarantined: Bool = false
  ) async throws -> EmbeddedImages {
    let found = try await embedded(
      spaceName, populations, includesQuarantined: includesQuarantined)
    guard let found else {
      let names = populations.sorted().map(\.rawValue).joined(separator: " or ")
      throw CurationError(
        .missingInput, "no \(names) image has a vector in space \(spaceName)",
        hint: "index some: d2r-curate index FOLDER --population \(populations.sorted()[0].rawValue)"
      )
    }
    return found
  }

  private func digest(of table: EmbeddingTable) -> String {
    var stream = SHA256.Stream()
    stream.update("\(table.space.name) \(table.space.width) \(table.space.encoderDigest)\n")
    for location in table.locations {
      let shard = table.shards[location.shard]
      let identity = location.identity.map { "\($0)" } ?? "-"
      stream.update(
        "\(location.image) \(identity) \(location.population.rawValue) \(shard.digest) \(location.row)\n"
      )
    }
    return stream.finalizeHex()
  }
}

extension Catalog {
  /// Images, current or not, that have a vector of exactly this encoder.
  func embeddedImages(in space: Space) async throws -> Set<Int64> {
    guard try shards().contains(where: { $0.space == space }) else { return [] }
    let everything = ImageFilter(includesQuarantined: true, includesOutdated: true)
    let table = try embeddings(in: space.name, encoder: space.encoderDigest, of: everything)
    return Set(table.locations.map(\.image))
  }
}
