public import Domain
import Files
import LinearAlgebra

/// Chosen rows of a store's shards in a stated order, read from the mapped files as they are asked for:
/// unit vectors by `UnitScale`.
public struct ShardRows: VectorRows {
  public let width: Int
  fileprivate let shards: [Shard]
  fileprivate let places: [Place]

  fileprivate struct Place {
    var shard: UInt32
    var row: UInt32
  }

  public var count: Int { places.count }

  public func append(_ stretch: Range<Int>, to values: inout [Float]) {
    let first = values.count
    var place = stretch.lowerBound
    while place < stretch.upperBound {
      let (shard, row) = (places[place].shard, places[place].row)
      var end = place + 1
      // Rows that follow one another are copied in one go.
      while end < stretch.upperBound, places[end].shard == shard,
        Int(places[end].row) == Int(row) + end - place
      { end += 1 }
      shards[Int(shard)].append(Int(row)..<Int(row) + end - place, to: &values)
      place = end
    }
    UnitScale.apply(to: &values, from: first, width: width)
  }

  public func release() {
    for shard in shards { shard.map.release() }
  }
}

extension VectorStore {
  /// The rows at `locations`, in that order; a location may come twice.
  /// - Throws: where a shard is missing, damaged or of another space, or a row is not there.
  public func rows(
    _ locations: [VectorLocation], space: Space
  ) throws(VectorStorageError) -> ShardRows {
    var numbers: [String: Int] = [:]
    var shards: [Shard] = []
    var places: [ShardRows.Place] = []
    places.reserveCapacity(locations.count)
    for location in locations {
      let number: Int
      if let known = numbers[location.file] {
        number = known
      } else {
        number = shards.count
        shards.append(try open(location.file, expecting: space))
        numbers[location.file] = number
      }
      guard location.row >= 0, location.row < shards[number].rowCount else {
        throw .badRow(location.file, location.row, of: shards[number].rowCount)
      }
      places.append(ShardRows.Place(shard: UInt32(number), row: UInt32(location.row)))
    }
    return ShardRows(width: space.width, shards: shards, places: places)
  }
}
