public import Domain
import Execution
import LinearAlgebra

/// How faithful a map is to the vectors it was laid out from, by the neighbours of its points.
public struct MapQuality: Equatable, Sendable {
  /// 1 where every neighbour on the map is a neighbour among the vectors; neighbours that come from
  /// far down the ranks cost more. Venna and Kaski, *Neighborhood preservation in nonlinear projection
  /// methods*, ICANN 2001: 1 - 2 / (n k (2n - 3k - 1)) · Σᵢ Σⱼ max(0, r(i, j) - k) over the k nearest j
  /// of i on the map, with r(i, j) the rank of j among the vectors by their similarity to i.
  public var trustworthiness: Double
  /// The share of the k nearest vectors that are among the k nearest on the map.
  public var recall: Double
  /// Neighbours looked at: as asked, but fewer than half the points.
  public var neighbours: Int
  /// Points measured: all, or a seeded sample taken for a map of its own.
  public var points: Int

  /// How much is measured.
  public struct Options: Equatable, Sendable {
    public var neighbours = 15
    /// More points are sampled by a seeded draw; the cost grows with its square.
    public var sample = 5000
    public var seed: UInt64 = 0

    public init() {}
  }

  /// Points per block of parallel work.
  private static let blockSize = 128

  /// The quality of `points` as a map of `unit`; nil for fewer than four points.
  ///
  /// Ties are broken by the lower row. The same value on any number of threads.
  /// - Precondition: one unit vector per point.
  public static func measure(
    _ unit: Vectors, _ points: [MapPoint], _ options: Options = Options(), threads: Int
  ) throws -> MapQuality? {
    precondition(unit.count == points.count && options.neighbours > 0)
    let (unit, points) = sampled(unit, points, options)
    let count = points.count
    let neighbours = min(options.neighbours, (count - 1) / 2)
    guard count >= 4, neighbours >= 1 else { return nil }
    let sums = try Parallel.mapBlocks(count: count, blockSize: blockSize, threads: threads) {
      rows in
      let similarities = unit.rows(rows).similarities(to: unit)
      return rows.map { row in
        let start = (row - rows.lowerBound) * count
        let nearest = Self.nearest(neighbours, to: row, points)
        let ranks = Self.ranks(of: nearest, row, similarities[start..<start + count])
        return (
          excess: ranks.reduce(0) { $0 + max(0, $1 - neighbours) },
          found: ranks.count { $0 <= neighbours }
        )
      }.reduce(into: (excess: 0, found: 0)) { $0 = ($0.excess + $1.excess, $0.found + $1.found) }
    }
    let (excess, found) = sums.reduce((0, 0)) { ($0.0 + $1.excess, $0.1 + $1.found) }
    let worst = Double(count * neighbours) * Double(2 * count - 3 * neighbours - 1)
    return MapQuality(
      trustworthiness: 1 - 2 * Double(excess) / worst,
      recall: Double(found) / Double(count * neighbours), neighbours: neighbours, points: count)
  }

  private static func sampled(
    _ unit: Vectors, _ points: [MapPoint], _ options: Options
  ) -> (Vectors, [MapPoint]) {
    guard points.count > options.sample else { return (unit, points) }
    let random = CounterRandom(seed: Seed.derived(from: "map quality", parent: options.seed))
    let rows = random.shuffled(count: points.count).prefix(options.sample).sorted()
    return (unit.rows(rows), rows.map { points[$0] })
  }

  /// The nearest other points on the map, nearest first.
  private static func nearest(_ count: Int, to row: Int, _ points: [MapPoint]) -> [Int] {
    var best: [(distance: Float, row: Int)] = []
    let own = points[row]
    for (other, point) in points.enumerated() where other != row {
      let (dx, dy) = (point.x - own.x, point.y - own.y)
      let distance = dx * dx + dy * dy
      if best.count == count, let last = best.last, distance >= last.distance { continue }
      if best.count == count { best.removeLast() }
      let place = best.firstIndex { $0.distance > distance } ?? best.count
      best.insert((distance, other), at: place)
    }
    return best.map(\.row)
  }

  /// The rank of each of `others` among all rows but `row`, by falling similarity, from 1.
  private static func ranks(
    of others: [Int], _ row: Int, _ similarities: ArraySlice<Float>
  ) -> [Int] {
    let start = similarities.startIndex
    return others.map { other in
      let own = similarities[start + other]
      var rank = 1
      for (place, value) in similarities.enumerated() where place != row {
        if value > own || (value == own && place < other) { rank += 1 }
      }
      return rank
    }
  }
}
