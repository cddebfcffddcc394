import Domain
import Execution
import LinearAlgebra

/// Rows around mean directions, by k-means on cosines, in an order in which the rows of one cluster stand
/// together.
///
/// The same on any number of threads.
struct RowClusters: Sendable {
  /// The row at each place, and the place of each row.
  let order: [UInt32]
  let places: [UInt32]
  /// Where each cluster begins in the order, and where the last one ends.
  let starts: [Int]
  /// By cluster and cluster: for how many clusters at least one of the two must ask, its nearest first, to
  /// meet the other.
  let ranks: [[UInt16]]

  /// Fewer rows are compared all with all in a moment.
  private static let fewestRows = 4096
  private static let mostClusters = 4096
  /// Rows of each cluster that centres are found by, and times they move.
  private static let training = (rows: 32, rounds: 4)
  private static let blockSize = 256
  private static let seed = Seed.derived(from: "clusters of rows")

  /// How many clusters, so that their mean size is half the root of the number of rows, but at least 128.
  private static func clusters(of count: Int) -> Int {
    let size = max(128, Int(Double(count).squareRoot() / 2))
    return min(mostClusters, count / size)
  }

  /// Nil for few rows.
  init?(_ rows: Vectors, threads: Int) throws {
    guard rows.count >= Self.fewestRows else { return nil }
    let clusters = Self.clusters(of: rows.count)
    let sample = Self.drawn(rows, Self.training.rows * clusters)
    var centres = Self.drawn(sample, clusters)
    for _ in 0..<Self.training.rounds {
      let owners = try Self.owners(sample, centres, threads)
      centres = Self.means(sample, owners, or: centres)
    }
    let owners = try Self.owners(rows, centres, threads)
    var starts = [Int](repeating: 0, count: clusters + 1)
    for owner in owners { starts[Int(owner) + 1] += 1 }
    for cluster in 0..<clusters { starts[cluster + 1] += starts[cluster] }
    var next = starts
    var order = [UInt32](repeating: 0, count: rows.count)
    var places = order
    for (row, owner) in owners.enumerated() {
      let place = next[Int(owner)]
      next[Int(owner)] += 1
      order[place] = UInt32(row)
      places[row] = UInt32(place)
    }
    (self.order, self.places, self.starts) = (order, places, starts)
    ranks = Self.ranks(centres)
  }

  /// One row of each of `count` stretches of about the same length.
  private static func drawn(_ rows: Vectors, _ count: Int) -> Vectors {
    let random = CounterRandom(seed: seed, stream: UInt64(count))
    let count = min(count, rows.count)
    return rows.rows(
      (0..<count).map { stretch in
        let first = stretch * rows.count / count
        let end = (stretch + 1) * rows.count / count
        return first + random.index(below: end - first, at: UInt64(stretch))
      })
  }

  /// The centre nearest to each row.
  private static func owners(
    _ rows: Vectors, _ centres: Vectors, _ threads: Int
  ) throws -> [UInt16] {
    try Parallel.mapBlocks(count: rows.count, blockSize: blockSize, threads: threads) { block in
      let cosines = rows.rows(block).similarities(to: centres)
      let span = cosines.span
      return (0..<block.count).map { row in
        let own = row * centres.count
        var best = 0
        for centre in 1..<centres.count where span[own + centre] > span[own + best] {
          best = centre
        }
        return UInt16(best)
      }
    }.flatMap { $0 }
  }

  /// The mean direction of the rows of each centre; one without rows or without direction stays.
  private static func means(_ rows: Vectors, _ owners: [UInt16], or centres: Vectors) -> Vectors {
    let width = rows.width
    var sums = Vectors(
      count: centres.count, width: width,
      values: [Float](repeating: 0, count: centres.count * width))
    let values = rows.values.span
    for (row, owner) in owners.enumerated() {
      let start = Int(owner) * width
      for column in 0..<width { sums.values[start + column] += values[row * width + column] }
    }
    var scaled = sums.unitRows()
    for centre in scaled.degenerate {
      scaled.vectors.values.replaceSubrange(
        centre * width..<(centre + 1) * width, with: centres[row: centre])
    }
    return scaled.vectors
  }

  private static func ranks(_ centres: Vectors) -> [[UInt16]] {
    let cosines = centres.similarities(to: centres)
    var ranks = (0..<centres.count).map { centre in
      let own = cosines[centre * centres.count..<(centre + 1) * centres.count]
      let nearest = (0..<centres.count).sorted { a, b in
        // A centre is nearest to itself, whatever rounding says.
        if a == centre || b == centre { return a == centre }
        return (own[own.startIndex + b], a) < (own[own.startIndex + a], b)
      }
      var ranks = [UInt16](repeating: 0, count: centres.count)
      for (rank, other) in nearest.enumerated() { ranks[other] = UInt16(rank) }
      return ranks
    }
    for a in 0..<centres.count {
      for b in 0..<a {
        let rank = min(ranks[a][b], ranks[b][a])
        ranks[a][b] = rank
        ranks[b][a] = rank
      }
    }
    return ranks
  }
}
