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

  /// The most rows whose neighbours are asked for at once.
  private static let stretch = 8192

  /// All rows, in stretches of nearly one length.
  private static func stretches(of count: Int) -> [Range<Int>] {
    let parts = (count + stretch - 1) / stretch
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }

  /// - Parameters:
  ///   - count: points.
  ///   - perplexity: at most the number of neighbours of any point.
  ///   - nearest: of each point of a stretch its nearest others, ordered by query, counted from the
  ///     first of the stretch, then by falling similarity; the point itself may be among them.
  /// The same bytes on any number of threads.
  public init(
    count: Int, perplexity: Double, threads: Int,
    nearest: (Range<Int>) throws -> [VectorPair]
  ) throws {
    self.count = count
    var outgoing = Rows()
    for stretch in Self.stretches(of: count) {
      try outgoing.append(
        Self.conditional(nearest(stretch), stretch, perplexity: perplexity, threads: threads),
        of: count)
    }
    let incoming = outgoing.transposed(count: count)
    let both = (outgoing: outgoing, incoming: incoming)
    var starts: [Int64] = [0]
    var neighbours: [Int32] = []
    var weights: [Float] = []
    starts.reserveCapacity(count + 1)
    let room = outgoing.entries.count * 3 / 2 + count * Self.lanes
    neighbours.reserveCapacity(room)
    weights.reserveCapacity(room)
    for stretch in Self.stretches(of: count) {
      let rows = try Parallel.map(
        count: stretch.count, blockSize: Self.blockSize, threads: threads
      ) { place in
        let row = stretch.lowerBound + place
        return Self.merged(both.outgoing[row], both.incoming[row], scale: 0.5 / Float(count))
      }
      for (row, entries) in zip(stretch, rows) {
        let padding = (Self.lanes - entries.count % Self.lanes) % Self.lanes
        neighbours += entries.lazy.map(\.neighbour)
        neighbours += repeatElement(Int32(row), count: padding)
        weights += entries.lazy.map(\.weight)
        weights += repeatElement(0, count: padding)
        starts.append(Int64(neighbours.count))
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

  /// Entries of every point, one list after the other.
  private struct Rows {
    var starts = [0]
    var entries: [Entry] = []

    subscript(row: Int) -> ArraySlice<Entry> { entries[starts[row]..<starts[row + 1]] }

    /// - Parameter count: rows there will be, about as long as these.
    mutating func append(_ rows: [[Entry]], of count: Int) {
      if entries.isEmpty { entries.reserveCapacity(count * (rows.first?.count ?? 0)) }
      for row in rows {
        entries += row
        starts.append(entries.count)
      }
    }

    /// Who names each point, by rising row.
    func transposed(count: Int) -> Rows {
      var answer = Rows()
      answer.starts = [Int](repeating: 0, count: count + 1)
      for entry in entries { answer.starts[Int(entry.neighbour) + 1] += 1 }
      for place in 0..<count { answer.starts[place + 1] += answer.starts[place] }
      answer.entries = [Entry](
        repeating: Entry(neighbour: 0, weight: 0), count: entries.count)
      var next = answer.starts
      for row in 0..<count {
        for entry in self[row] {
          let target = Int(entry.neighbour)
          answer.entries[next[target]] = Entry(neighbour: Int32(row), weight: entry.weight)
          next[target] += 1
        }
      }
      return answer
    }
  }

  private static func conditional(
    _ pairs: [VectorPair], _ stretch: Range<Int>, perplexity: Double, threads: Int
  ) throws -> [[Entry]] {
    var rows = [Range<Int>](repeating: 0..<0, count: stretch.count)
    var start = 0
    while start < pairs.count {
      var end = start
      while end < pairs.count, pairs[end].query == pairs[start].query { end += 1 }
      rows[pairs[start].query] = start..<end
      start = end
    }
    let ranges = rows
    return try Parallel.map(
      count: stretch.count, blockSize: Self.blockSize, threads: threads
    ) { row in
      conditional(pairs[ranges[row]], row: stretch.lowerBound + row, perplexity: perplexity)
    }
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

  /// The sum of both directions, times `scale`.
  private static func merged(
    _ outgoing: ArraySlice<Entry>, _ others: ArraySlice<Entry>, scale: Float
  ) -> [Entry] {
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
