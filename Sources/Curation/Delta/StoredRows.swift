import Cataloging
import Domain
import LinearAlgebra
import VectorStorage

/// The images of some populations in one space, whose vectors are read from the store as they are
/// asked for.
struct StoredImages: Sendable {
  let space: Space
  /// In order of image id.
  let locations: [EmbeddingLocation]
  /// Row `i` belongs to `locations[i]`: of length 1, or zeros where the vector has no direction.
  let rows: any VectorRows
  /// Digests of the shards that the locations name; nil where some are sealed, of which nothing may be
  /// written to disk.
  var shards: [String]?

  /// One label per row; nil for an image without identity.
  var groups: [Int?] { locations.map { $0.identity.map(Int.init) } }
}

extension StepContext {
  /// Opens the vectors of these populations; nil where no image of them has one. Templates of sealed
  /// galleries are decrypted in memory, everything else stays mapped.
  func stored(
    _ space: String, _ populations: Set<Population>, includesQuarantined: Bool = false
  ) async throws -> StoredImages? {
    guard
      let table = try await table(space, populations, includesQuarantined: includesQuarantined)
    else { return nil }
    let files = Set(table.locations.map(\.shard)).map { table.shards[$0].file }
    guard !files.contains(where: VectorStore.isSealed) else {
      let unit = try await gather(table).unitRows().vectors
      return StoredImages(space: table.space, locations: table.locations, rows: unit)
    }
    return StoredImages(
      space: table.space, locations: table.locations, rows: try StoredRows(table, in: vectors),
      shards: table.shards.map(\.digest))
  }

  /// As `stored`, and says what to do where there is nothing.
  func requireStored(_ space: String, _ population: Population) async throws -> StoredImages {
    guard let found = try await stored(space, [population]) else {
      throw CurationError.noVectors(of: [population], in: space)
    }
    return found
  }
}

/// Rows of mapped shards at length 1.
private struct StoredRows: VectorRows {
  let count: Int
  let width: Int
  /// By their place in the table; nil for those that hold none of the rows.
  private let shards: [Shard?]
  /// The shard and the row in it, by row of this.
  private let places: [(shard: Int, row: Int)]

  init(_ table: EmbeddingTable, in store: VectorStore) throws {
    (count, width) = (table.locations.count, table.space.width)
    var shards = [Shard?](repeating: nil, count: table.shards.count)
    for location in table.locations {
      let file = table.shards[location.shard].file
      let shard = try shards[location.shard] ?? store.open(file, expecting: table.space)
      shards[location.shard] = shard
      guard location.row < shard.rowCount else {
        throw CurationError(
          .badVectors, "shard \(file) ends before row \(location.row) of image \(location.image)",
          hint: "look for damage with: d2r-curate verify")
      }
    }
    self.shards = shards
    places = table.locations.map { ($0.shard, $0.row) }
  }

  func append(_ stretch: Range<Int>, to values: inout [Float]) {
    let first = values.count
    var start = stretch.lowerBound
    while start < stretch.upperBound {
      var end = start + 1
      while end < stretch.upperBound, places[end].shard == places[start].shard,
        places[end].row == places[end - 1].row + 1
      { end += 1 }
      let row = places[start].row
      shards[places[start].shard]?.append(row..<row + (end - start), to: &values)
      start = end
    }
    UnitScale.apply(to: &values, from: first, width: width)
  }

  func release() { for shard in shards { shard?.release() } }
}
