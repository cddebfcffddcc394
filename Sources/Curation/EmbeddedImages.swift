import Cataloging
import Cryptography
import Diagnostics
public import Domain
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
  /// Images that have a vector without a direction (zero or not a number): they take no part.
  var leftOut: [Int64] = []

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
      space: space, locations: kept.map { locations[$0] }, unit: unit.rows(kept), digest: digest,
      leftOut: leftOut)
  }

  /// One line about the images that take no part; nil where all do.
  var leftOutLine: String? { Self.leftOutLine(leftOut, space: space.name) }

  /// For a step's summary: which images take no part.
  var leftOutDocument: JSONValue {
    .array(leftOut.map { .int(Int($0)) })
  }

  /// What a summary says of images that took no part, as lines.
  static func leftOutLines(_ summary: JSONValue, space: String) -> [String] {
    let images = (summary["leftOut"]?.arrayValue ?? []).compactMap(\.intValue).map(Int64.init)
    return leftOutLine(images, space: space).map { [$0] } ?? []
  }

  static func leftOutLine(_ images: [Int64], space: String) -> String? {
    guard !images.isEmpty else { return nil }
    let named = images.prefix(20).map(String.init).joined(separator: ", ")
    let more = images.count > 20 ? " and \(images.count - 20) more" : ""
    return """
      left out: \(images.count) images whose vector of space \(space) is zero or not a number \
      (images \(named)\(more))
      """
  }
}

extension StepContext {
  /// The space of this name that holds vectors.
  ///
  /// Where several encoders have filled it, the one that came last, once every image has its vector;
  /// throws before that, and where none has filled it.
  func space(named name: String) async throws -> Space {
    let filled = try await catalog.shards().map(\.space).filter { $0.name == name }.uniqued()
    guard let latest = filled.last else {
      throw CurationError(
        .missingInput, "no image has a vector in space \(name)",
        hint: "index some: d2r-curate index FOLDER --population digital")
    }
    guard filled.count > 1 else { return latest }
    var missing = Set<Int64>()
    for space in filled { missing.formUnion(try await catalog.embeddedImages(in: space, .current)) }
    missing.subtract(try await catalog.embeddedImages(in: latest, .current))
    guard missing.isEmpty else {
      throw CurationError(
        .missingInput,
        "space \(name) holds vectors of \(filled.count) encoders, and \(missing.count) images have "
          + "none of the latest",
        hint: "index every folder again with the encoder chosen now, or begin a new workspace")
    }
    return latest
  }

  /// Every space that can be asked by its name now, by name.
  public func spacesInForce() async throws -> [Space] {
    var spaces: [Space] = []
    for name in Set(try await catalog.shards().map(\.space.name)).sorted() {
      if let space = try? await space(named: name) { spaces.append(space) }
    }
    return spaces
  }

  /// SHA-256, in hex, over which images have which vectors in one space; "-" where none has.
  func embeddingDigest(
    _ spaceName: String, _ populations: Set<Population>, includesQuarantined: Bool
  ) async throws -> String {
    let table = try await table(
      spaceName, populations, includesQuarantined: includesQuarantined)
    return table.map(digest) ?? "-"
  }

  /// Where the vectors lie; nil where no image of these populations has one.
  func table(
    _ spaceName: String, _ populations: Set<Population>, includesQuarantined: Bool
  ) async throws -> EmbeddingTable? {
    guard try await catalog.shards().contains(where: { $0.space.name == spaceName }) else {
      return nil
    }
    let filter = ImageFilter(populations: populations, includesQuarantined: includesQuarantined)
    let table = try await catalog.embeddings(
      in: spaceName, encoder: space(named: spaceName).encoderDigest, of: filter)
    return table.locations.isEmpty ? nil : table
  }

  /// Loads unit vectors; nil where no image of these populations has a vector in that space.
  ///
  /// Images whose vector has no direction (zero or not a number) are left out and named in `leftOut`.
  /// In the pixel space a zero row is a flat picture, which correlates with nothing, and stays.
  func embedded(
    _ spaceName: String, _ populations: Set<Population>, includesQuarantined: Bool
  ) async throws -> EmbeddedImages? {
    guard
      let table = try await table(spaceName, populations, includesQuarantined: includesQuarantined)
    else { return nil }
    let raw = try await gather(table)
    let unit = raw.unitRows()
    let bad = spaceName == Space.pixel ? [] : Set(unit.degenerate)
    guard !bad.isEmpty else {
      return EmbeddedImages(
        space: table.space, locations: table.locations, unit: unit.vectors,
        digest: digest(of: table))
    }
    let kept = table.locations.indices.filter { !bad.contains($0) }
    return EmbeddedImages(
      space: table.space, locations: kept.map { table.locations[$0] },
      unit: unit.vectors.rows(kept), digest: digest(of: table),
      leftOut: bad.sorted().map { table.locations[$0].image })
  }

  /// As `embedded`, and says what to do where there is nothing.
  func require(
    _ spaceName: String, _ populations: Set<Population>, includesQuarantined: Bool = false
  ) async throws -> EmbeddedImages {
    let found = try await embedded(
      spaceName, populations, includesQuarantined: includesQuarantined)
    guard let found else {
      throw CurationError.noVectors(of: populations, in: spaceName)
    }
    return found
  }

  func digest(of table: EmbeddingTable) -> String {
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
  /// Images, current or not unless `filter` says otherwise, that have a vector of exactly this
  /// encoder.
  func embeddedImages(
    in space: Space,
    _ filter: ImageFilter = ImageFilter(includesQuarantined: true, includesOutdated: true)
  ) async throws -> Set<Int64> {
    guard try shards().contains(where: { $0.space == space }) else { return [] }
    let table = try embeddings(in: space.name, encoder: space.encoderDigest, of: filter)
    return Set(table.locations.map(\.image))
  }
}

extension ImageFilter {
  /// Every image of today, in quarantine or not.
  fileprivate static let current = ImageFilter(includesQuarantined: true)
}

extension CurationError {
  /// - Precondition: there is a population.
  static func noVectors(of populations: Set<Population>, in space: String) -> CurationError {
    let names = populations.sorted().map(\.rawValue)
    return CurationError(
      .missingInput, "no \(names.joined(separator: " or ")) image has a vector in space \(space)",
      hint: "index some: d2r-curate index FOLDER --population \(names[0])")
  }
}
