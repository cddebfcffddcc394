import Cataloging
public import Domain
import LinearAlgebra

/// The unit vectors a map is laid out from.
public struct MapVectors: Sendable {
  /// Image ids, by row of `unit`.
  public var images: [Int64]
  public var unit: Vectors
  /// Images there were before sampling.
  public var total: Int

  /// Loads the images of a space; nil where there are none. More than `sample` are thinned by a
  /// seeded draw that leaves every population its share.
  public static func load(
    _ space: String, populations: Set<Population>, sample: Int, in context: StepContext
  ) async throws -> MapVectors? {
    guard
      let all = try await context.embedded(space, populations, includesQuarantined: true)
    else { return nil }
    let total = all.unit.count
    guard total > sample else {
      return MapVectors(images: all.images, unit: all.unit, total: total)
    }
    let order = CounterRandom(seed: Seed.derived(from: "map sample", parent: context.seed))
      .shuffled(count: total)
    var left: [Population: Int] = [:]
    for (population, own) in Dictionary(grouping: all.locations, by: \.population) {
      left[population] = max(1, own.count * sample / total)
    }
    let chosen = order.filter { row in
      let population = all.locations[row].population
      guard let count = left[population], count > 0 else { return false }
      left[population] = count - 1
      return true
    }.sorted()
    return MapVectors(
      images: chosen.map { all.locations[$0].image }, unit: all.unit.rows(chosen), total: total)
  }
}
