import Cataloging
public import Domain
import VectorStorage

/// Vectors as they were stored, with the names of their images.
public struct VectorExport: Sendable {
  /// Not scaled: exactly what the encoder gave.
  public var vectors: Vectors
  /// Population, id and identity of each row.
  public var names: [[String]]

  /// Reads the vectors of one space in order of image id.
  ///
  /// Throws where no image has one.
  public static func read(
    space: String, populations: Set<Population>, includesQuarantined: Bool,
    in context: StepContext
  ) async throws -> VectorExport {
    let filter = ImageFilter(populations: populations, includesQuarantined: includesQuarantined)
    let table = try await context.catalog.embeddings(
      in: try await context.space(named: space).name, of: filter)
    guard !table.locations.contains(where: { VectorStore.isSealed(table.shards[$0.shard].file) })
    else {
      throw CurationError(
        .missingInput, "vectors of a sealed gallery are never written in the clear",
        hint: "name other populations with --population, or hand on the sealed file: "
          + "d2r-curate gallery export")
    }
    let images = try await context.catalog.images(filter)
    let byID = Dictionary(uniqueKeysWithValues: images.map { ($0.id, $0) })
    let vectors = try context.vectors.gather(
      table.locations.map { (file: table.shards[$0.shard].file, row: $0.row) },
      space: table.space)
    return VectorExport(
      vectors: vectors,
      names: table.locations.map { location in
        let image = byID[location.image]
        return [
          location.population.rawValue, image?.path ?? "", image?.identityName ?? "",
        ]
      })
  }
}
