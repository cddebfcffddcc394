internal import CMapKernels
import Execution
import Glibc

/// The gradient of t-SNE from neighbours' attraction and a grid's repulsion.
final class GridGradient {
  let affinities: NeighbourAffinities
  private let grid: RepulsionGrid
  private let threads: Int
  private var repulsion: TSNEGradient
  /// x and y of every point side by side.
  private var places: [Float]
  private var pullX: [Float]
  private var pullY: [Float]

  init(_ affinities: NeighbourAffinities, threads: Int) {
    self.affinities = affinities
    self.threads = threads
    grid = RepulsionGrid(threads: threads)
    let zeros = [Float](repeating: 0, count: affinities.count)
    repulsion = TSNEGradient(x: zeros, y: zeros)
    places = zeros + zeros
    pullX = zeros
    pullY = zeros
  }

  /// No layout worth having has a smaller sum over pairs per point; below it the grid's own error rules.
  private static let leastSum = 1e-3

  /// Bytes held.
  var byteCount: Int { affinities.byteCount + grid.byteCount + 16 * affinities.count }

  /// As `Affinities.gradient`, to the grid's accuracy. The same bytes on any number of threads.
  func gradient(
    x: [Float], y: [Float], exaggeration: Float
  ) throws -> TSNEGradient {
    try attract(x, y)
    let sum = try grid.forces(x: x, y: y, into: &repulsion)
    let share = Float(1 / max(sum, Self.leastSum * Double(x.count)))
    return TSNEGradient(
      x: combined(pullX, repulsion.x, exaggeration, share),
      y: combined(pullY, repulsion.y, exaggeration, share))
  }

  private func combined(
    _ pull: [Float], _ push: [Float], _ exaggeration: Float, _ share: Float
  ) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: pull.count) { gradient, count in
      // All three have `pull.count` places.
      unsafe cmk_gradient(
        pull, push, pull.count, exaggeration, share, gradient.baseAddress)
      count = pull.count
    }
  }

  /// As `NeighbourAffinities.klDivergence`, with the grid's sum over all pairs.
  func nearDivergence(x: [Float], y: [Float]) throws -> Double {
    let sum = try grid.forces(x: x, y: y, into: &repulsion)
    return try affinities.klDivergence(x: x, y: y, sum: sum, threads: threads)
  }

  private func attract(_ x: [Float], _ y: [Float]) throws {
    // There are two places for each point.
    unsafe cmk_pair(x, y, x.count, &places)
    let (affinities, threads, places) = (affinities, threads, places)
    try unsafe pullX.withUnsafeMutableBufferPointer { ax in
      try unsafe pullY.withUnsafeMutableBufferPointer { ay in
        let (ax, ay) = unsafe (Lent(ax), Lent(ay))
        try Parallel.forEachBlock(count: x.count, blockSize: 512, threads: threads) { rows in
          unsafe affinities.withMatrix { matrix in
            unsafe places.withUnsafeBufferPointer { places in
              var matrix = unsafe matrix
              // Every block writes its own rows.
              unsafe cmk_attract(
                &matrix, places.baseAddress, rows.lowerBound, rows.upperBound, ax.start, ay.start)
            }
          }
        }
      }
    }
  }
}

extension NeighbourAffinities {
  /// Lends the rows to C for the length of a call.
  @unsafe func withMatrix(_ body: (cmk_matrix) -> Void) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe neighbours.withUnsafeBufferPointer { neighbours in
        unsafe weights.withUnsafeBufferPointer { weights in
          unsafe body(
            cmk_matrix(
              starts: starts.baseAddress, neighbours: neighbours.baseAddress,
              weights: weights.baseAddress))
        }
      }
    }
  }

  /// KL(P ‖ Q) = Σ pᵢⱼ ln(pᵢⱼ / qᵢⱼ) in nats, with the exact sum over all pairs in Q: N² / 2 of them.
  /// The same bytes on any number of threads.
  public func klDivergence(x: [Float], y: [Float], threads: Int) throws -> Double {
    precondition(x.count == count && y.count == count)
    let sums = try Parallel.mapBlocks(
      count: count, blockSize: Self.blockSize, threads: threads
    ) { rows in
      // Both have a place for every point.
      unsafe cmk_pairs(x, y, count, rows.lowerBound, rows.upperBound)
    }
    return try klDivergence(x: x, y: y, sum: 2 * sums.reduce(0, +), threads: threads)
  }

  /// The same with Σ 1 / (1 + d²) over all ordered pairs known.
  func klDivergence(x: [Float], y: [Float], sum: Double, threads: Int) throws -> Double {
    let crosses = try Parallel.mapBlocks(
      count: count, blockSize: Self.blockSize, threads: threads
    ) { rows in cross(rows, x, y) }
    return crosses.reduce(0) { $0 + $1.cross } + crosses.reduce(0) { $0 + $1.mass } * log(sum)
  }

  /// Σ p (ln p + ln(1 + d²)) and Σ p over some rows.
  private func cross(
    _ rows: Range<Int>, _ x: [Float], _ y: [Float]
  ) -> (cross: Double, mass: Double) {
    var (cross, mass) = (0.0, 0.0)
    for row in rows {
      for place in Int(starts[row])..<Int(starts[row + 1]) where weights[place] > 0 {
        let other = Int(neighbours[place])
        let dx = Double(x[row]) - Double(x[other])
        let dy = Double(y[row]) - Double(y[other])
        let weight = Double(weights[place])
        mass += weight
        cross += weight * log(weight * (1 + dx * dx + dy * dy))
      }
    }
    return (cross, mass)
  }
}
