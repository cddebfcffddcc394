internal import CMapKernels
public import Domain
import Execution
import Glibc

/// The symmetric affinities p of t-SNE between neighbours, by rows: zero between all others.
///
/// p(j|i) ∝ exp(-βᵢ dᵢⱼ²) over the k nearest with βᵢ such that the conditional distribution has the
/// wanted perplexity, and p(i, j) = (p(j|i) + p(i|j)) / 2N. Source: van der Maaten, *Accelerating t-SNE
/// using tree-based algorithms*, JMLR 15, 2014. Unit vectors: d² = 2 - 2 cos.
public struct NeighbourAffinities: Sendable {
  /// Points.
  public let count: Int
  /// Row i holds the entries `starts[i] ..< starts[i + 1]`; rows are filled up to whole lanes with
  /// entries of weight 0 that name the row itself.
  let starts: [Int64]
  let neighbours: [Int32]
  let weights: [Float]

  static let lanes = Int(cmk_lanes)
  static let blockSize = 256
  /// Neighbours per unit of perplexity.
  public static let neighboursPerPerplexity = 3

  /// - Parameters:
  ///   - pairs: of each point its nearest others, ordered by query, then by falling similarity; the
  ///     point itself may be among them.
  ///   - count: points; every one is a query.
  ///   - perplexity: at most the number of neighbours of any point.
  /// The same bytes on any number of threads.
  public init(nearest pairs: [VectorPair], count: Int, perplexity: Double, threads: Int) throws {
    self.count = count
    let rows = Self.rows(of: pairs, count: count)
    let conditional = try Parallel.mapBlocks(
      count: count, blockSize: Self.blockSize, threads: threads
    ) { block in
      block.map { row in Self.conditional(pairs[rows[row]], row: row, perplexity: perplexity) }
    }.flatMap { $0 }
    let incoming = Self.transposed(conditional)
    let merged = try Parallel.mapBlocks(
      count: count, blockSize: Self.blockSize, threads: threads
    ) { block in
      block.map { row in
        Self.merged(conditional[row], incoming, row: row, scale: 0.5 / Float(count))
      }
    }.flatMap { $0 }
    var starts: [Int64] = [0]
    starts.reserveCapacity(count + 1)
    for row in merged {
      let padded = (row.count + Self.lanes - 1) / Self.lanes * Self.lanes
      starts.append((starts.last ?? 0) + Int64(padded))
    }
    let total = Int(starts.last ?? 0)
    var neighbours = [Int32](repeating: 0, count: total)
    var weights = [Float](repeating: 0, count: total)
    for (row, entries) in merged.enumerated() {
      for place in Int(starts[row])..<Int(starts[row + 1]) { neighbours[place] = Int32(row) }
      for (place, entry) in entries.enumerated() {
        neighbours[Int(starts[row]) + place] = entry.neighbour
        weights[Int(starts[row]) + place] = entry.weight
      }
    }
    self.starts = starts
    self.neighbours = neighbours
    self.weights = weights
  }

  /// One neighbour with its weight.
  struct Entry {
    var neighbour: Int32
    var weight: Float
  }

  /// Bytes held.
  public var byteCount: Int { starts.count * 8 + weights.count * 8 }

  /// p(i, j); the sum over all ordered pairs is 1.
  public func value(_ i: Int, _ j: Int) -> Float {
    var sum: Float = 0
    for place in Int(starts[i])..<Int(starts[i + 1]) where Int(neighbours[place]) == j {
      sum += weights[place]
    }
    return sum
  }

  private static func rows(of pairs: [VectorPair], count: Int) -> [Range<Int>] {
    var rows = [Range<Int>](repeating: 0..<0, count: count)
    var start = 0
    while start < pairs.count {
      var end = start
      while end < pairs.count, pairs[end].query == pairs[start].query { end += 1 }
      rows[pairs[start].query] = start..<end
      start = end
    }
    return rows
  }

  /// p(j|i) of one point, by safeguarded Newton steps on ln β; by rising neighbour.
  private static func conditional(
    _ pairs: ArraySlice<VectorPair>, row: Int, perplexity: Double
  ) -> [Entry] {
    let others = pairs.filter { $0.target != row }
    let nearest = others.first?.similarity.value ?? 0
    // Differences of cosines, so that the nearest is at 0: p does not change, exp stays in range.
    let distances = others.map { 2 * (Double(nearest) - Double($0.similarity.value)) }
    let mean = distances.reduce(0, +) / Double(max(1, distances.count))
    let scale = mean > 0 ? 1 / mean : 1
    let weights = Self.weights(distances.map { $0 * scale }, perplexity: perplexity)
    return zip(others, weights)
      .map { Entry(neighbour: Int32($0.target), weight: Float($1)) }
      .sorted { $0.neighbour < $1.neighbour }
  }

  private static func weights(_ distances: [Double], perplexity: Double) -> [Double] {
    let target = log(perplexity)
    var (low, high) = (-40.0, 40.0)
    var logBeta = 0.0
    var weights = distances
    for _ in 0..<80 {
      let beta = exp(logBeta)
      var (sum, first, second) = (0.0, 0.0, 0.0)
      for (place, distance) in distances.enumerated() {
        let weight = exp(-beta * distance)
        weights[place] = weight
        sum += weight
        first += weight * distance
        second += weight * distance * distance
      }
      let mean = first / sum
      for place in weights.indices { weights[place] /= sum }
      let excess = log(sum) + beta * mean - target
      if abs(excess) < 1e-5 || high - low < 1e-6 { break }
      if excess > 0 { low = logBeta } else { high = logBeta }
      // dH / d ln β = -β² Var.
      let newton = logBeta + excess / max(1e-12, beta * beta * (second / sum - mean * mean))
      logBeta = newton > low && newton < high ? newton : (low + high) / 2
    }
    return weights
  }

  /// Who names each point, by rising row, cut out of one list.
  private struct Incoming {
    var starts: [Int]
    var entries: [Entry]
  }

  private static func transposed(_ rows: [[Entry]]) -> Incoming {
    var starts = [Int](repeating: 0, count: rows.count + 1)
    for row in rows { for entry in row { starts[Int(entry.neighbour) + 1] += 1 } }
    for place in rows.indices { starts[place + 1] += starts[place] }
    var next = starts
    var entries = [Entry](
      repeating: Entry(neighbour: 0, weight: 0), count: starts.last ?? 0)
    for (row, list) in rows.enumerated() {
      for entry in list {
        let target = Int(entry.neighbour)
        entries[next[target]] = Entry(neighbour: Int32(row), weight: entry.weight)
        next[target] += 1
      }
    }
    return Incoming(starts: starts, entries: entries)
  }

  /// The sum of both directions, times `scale`.
  private static func merged(
    _ outgoing: [Entry], _ incoming: Incoming, row: Int, scale: Float
  ) -> [Entry] {
    let others = incoming.entries[incoming.starts[row]..<incoming.starts[row + 1]]
    var result: [Entry] = []
    result.reserveCapacity(outgoing.count + others.count)
    var (a, b) = (outgoing.startIndex, others.startIndex)
    while a < outgoing.endIndex || b < others.endIndex {
      let first = a < outgoing.endIndex ? outgoing[a].neighbour : .max
      let second = b < others.endIndex ? others[b].neighbour : .max
      var weight: Float = 0
      if first <= second {
        weight += outgoing[a].weight
        a += 1
      }
      if second <= first {
        weight += others[b].weight
        b += 1
      }
      result.append(Entry(neighbour: min(first, second), weight: weight * scale))
    }
    return result
  }
}
