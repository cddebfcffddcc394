import Cataloging
public import Domain
import LinearAlgebra

/// The unit vectors a map is laid out from.
public struct MapVectors: Sendable {
  public var space: Space
  /// Image ids, by row of `unit`.
  public var images: [Int64]
  public var unit: Vectors
  /// Images there were before sampling.
  public var total: Int
  /// One line about images whose vector has no direction, which are on no map; nil where all have one.
  public var leftOut: String?
  private var populations: [Population]

  private init(_ all: EmbeddedImages) {
    space = all.space
    images = all.images
    unit = all.unit
    total = all.unit.count
    leftOut = all.leftOutLine
    populations = all.locations.map(\.population)
  }

  /// Loads the images of a space, in quarantine or not; nil where there are none.
  public static func load(
    _ space: String, populations: Set<Population>, in context: StepContext
  ) async throws -> MapVectors? {
    try await context.embedded(space, populations, includesQuarantined: true)
      .map(MapVectors.init)
  }

  /// As `load`, thinned to at most about `sample` images.
  public static func load(
    _ space: String, populations: Set<Population>, sample: Int, in context: StepContext
  ) async throws -> MapVectors? {
    try await load(space, populations: populations, in: context)?
      .thinned(to: sample, seed: context.seed)
  }

  /// The rows of which `isWanted` holds; `total` counts these alone.
  public func filtered(_ isWanted: (Int64) -> Bool) -> MapVectors {
    var kept = rows(images.indices.filter { isWanted(images[$0]) })
    kept.total = kept.images.count
    return kept
  }

  /// At most about `count` images by a seeded draw that leaves every population its share; all where
  /// there are no more.
  public func thinned(to count: Int, seed: UInt64) -> MapVectors {
    guard images.count > count else { return self }
    let order = CounterRandom(seed: Seed.derived(from: "map sample", parent: seed))
      .shuffled(count: images.count)
    var left: [Population: Int] = [:]
    for (population, own) in Dictionary(grouping: populations, by: \.self) {
      left[population] = max(1, own.count * count / images.count)
    }
    let chosen = order.filter { row in
      guard let count = left[populations[row]], count > 0 else { return false }
      left[populations[row]] = count - 1
      return true
    }.sorted()
    return rows(chosen)
  }

  private func rows(_ chosen: [Int]) -> MapVectors {
    var part = self
    part.images = chosen.map { images[$0] }
    part.populations = chosen.map { populations[$0] }
    part.unit = unit.rows(chosen)
    return part
  }
}
