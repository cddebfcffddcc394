public import Domain

/// Where one vector lies in a store.
public struct VectorLocation: Hashable, Sendable {
  /// The shard, relative to the store's root.
  public var file: String
  public var row: Int

  public init(file: String, row: Int) {
    self.file = file
    self.row = row
  }
}

extension VectorStore {
  /// The vectors at `locations`, in that order; a location may come twice, and none give none.
  /// Every shard is opened once, and rows that follow one another are copied in one go. Sealed
  /// shards are decrypted in memory.
  public func gather(
    _ locations: [VectorLocation], space: Space
  ) throws(VectorStorageError) -> Vectors {
    var shards: [String: OpenShard] = [:]
    var values: [Float] = []
    values.reserveCapacity(locations.count * space.width)
    var start = 0
    while start < locations.count {
      let end = endOfRun(from: start, in: locations)
      let (file, first) = (locations[start].file, locations[start].row)
      let shard: OpenShard
      if let opened = shards[file] {
        shard = opened
      } else if Self.isSealed(file) {
        shard = .sealed(try openSealed(file, expecting: space))
      } else {
        shard = .plain(try open(file, expecting: space))
      }
      shards[file] = shard
      guard first >= 0, first < shard.rowCount else {
        throw .badRow(file, first, of: shard.rowCount)
      }
      guard end - start <= shard.rowCount - first else {
        throw .badRow(file, shard.rowCount, of: shard.rowCount)
      }
      let rows = first..<first + (end - start)
      shard.append(rows, to: &values)
      start = end
    }
    return Vectors(count: locations.count, width: space.width, values: values)
  }

  /// The same for pairs.
  public func gather(
    _ locations: [(file: String, row: Int)], space: Space
  ) throws(VectorStorageError) -> Vectors {
    try gather(locations.map { VectorLocation(file: $0.file, row: $0.row) }, space: space)
  }

  /// The place after the rows that follow `locations[start]` in the same file.
  private func endOfRun(from start: Int, in locations: [VectorLocation]) -> Int {
    var end = start + 1
    while end < locations.count, locations[end].file == locations[start].file,
      locations[end].row == locations[end - 1].row &+ 1
    { end += 1 }
    return end
  }
}

/// The rows of a shard, wherever they are.
private enum OpenShard {
  case plain(Shard)
  case sealed(Vectors)

  var rowCount: Int {
    switch self {
    case .plain(let shard): shard.rowCount
    case .sealed(let vectors): vectors.count
    }
  }

  func append(_ rows: Range<Int>, to values: inout [Float]) {
    switch self {
    case .plain(let shard): shard.append(rows, to: &values)
    case .sealed(let vectors):
      let places = rows.lowerBound * vectors.width..<rows.upperBound * vectors.width
      values.append(contentsOf: vectors.values[places])
    }
  }
}
