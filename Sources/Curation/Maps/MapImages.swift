import Cataloging
public import Domain
import LinearAlgebra

/// The images a map may show. Their vectors stay in the store until `unit` reads those that were
/// chosen, so that a map of some needs no memory for all.
public struct MapImages: Sendable {
  public let space: Space
  /// Image ids, rising.
  public private(set) var images: [Int64]
  /// Images there were before sampling.
  public private(set) var total: Int
  /// One line about images whose vector has no direction, which are on no map; nil where all have one.
  public let leftOut: String?
  private let stored: StoredImages
  /// Row of `stored`, by place in `images`.
  private var rows: [Int]

  private init(_ stored: StoredImages) {
    let bad = stored.space.name == Space.pixel ? [] : stored.rowsWithoutDirection()
    let missing = Set(bad)
    self.stored = stored
    space = stored.space
    rows = stored.locations.indices.filter { !missing.contains($0) }
    images = rows.map { stored.locations[$0].image }
    total = rows.count
    leftOut = EmbeddedImages.leftOutLine(
      bad.map { stored.locations[$0].image }, space: stored.space.name)
  }

  /// The images of a space, in quarantine or not; nil where there are none.
  public static func load(
    _ space: String, populations: Set<Population>, in context: StepContext
  ) async throws -> MapImages? {
    try await context.stored(space, populations, includesQuarantined: true).map(MapImages.init)
  }

  /// Their vectors at length 1, in order of `images`: read anew each time.
  public func unit() -> Vectors {
    var values: [Float] = []
    values.reserveCapacity(rows.count * space.width)
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, rows[end] == rows[end - 1] + 1 { end += 1 }
      stored.rows.append(rows[start]..<rows[end - 1] + 1, to: &values)
      start = end
    }
    stored.rows.release()
    return Vectors(count: rows.count, width: space.width, values: values)
  }

  /// Those of which `isWanted` holds; `total` counts these alone.
  public func filtered(_ isWanted: (Int64) -> Bool) -> MapImages {
    var kept = chosen(images.indices.filter { isWanted(images[$0]) })
    kept.total = kept.images.count
    return kept
  }

  /// At most about `count` images by a seeded draw that leaves every population its share; all where
  /// there are no more.
  public func thinned(to count: Int, seed: UInt64) -> MapImages {
    guard images.count > count else { return self }
    let order = CounterRandom(seed: Seed.derived(from: "map sample", parent: seed))
      .shuffled(count: images.count)
    let populations = rows.map { stored.locations[$0].population }
    var left: [Population: Int] = [:]
    for (population, own) in Dictionary(grouping: populations, by: \.self) {
      left[population] = max(1, own.count * count / images.count)
    }
    let drawn = order.filter { place in
      guard let count = left[populations[place]], count > 0 else { return false }
      left[populations[place]] = count - 1
      return true
    }
    return chosen(drawn.sorted())
  }

  private func chosen(_ places: [Int]) -> MapImages {
    var part = self
    part.images = places.map { images[$0] }
    part.rows = places.map { rows[$0] }
    return part
  }
}

extension StoredImages {
  /// Rows read at a time.
  private static let block = 8192

  /// Rows whose vector is zero or holds a value that is not finite, rising.
  fileprivate func rowsWithoutDirection() -> [Int] {
    var found: [Int] = []
    var values: [Float] = []
    for start in stride(from: 0, to: rows.count, by: Self.block) {
      let stretch = start..<min(start + Self.block, rows.count)
      values.removeAll(keepingCapacity: true)
      rows.append(stretch, to: &values)
      rows.release()
      found += stretch.filter { row in
        let first = (row - start) * rows.width
        return values[first..<first + rows.width].allSatisfy { $0 == 0 }
      }
    }
    return found
  }
}
