import Execution
import LinearAlgebra

/// What the points on the nodes of a grid do to one another: density in, fields of force and the sum over
/// all pairs out.
struct NodeField: Sendable {
  let transform: PlaneTransform
  let kernels: PairKernels
  /// Points per node, all zero between two turns.
  let density: Plane
  /// The force on each node along x and along y.
  let fieldX: Plane
  let fieldY: Plane
  private let first: Plane
  private let second: Plane

  init(_ transform: PlaneTransform, _ kernels: PairKernels) {
    self.transform = transform
    self.kernels = kernels
    density = Plane(rows: transform.used, width: transform.used)
    fieldX = Plane(rows: transform.used, width: transform.used)
    fieldY = Plane(rows: transform.used, width: transform.used)
    first = transform.spectrum(rows: transform.used)
    second = transform.spectrum(rows: transform.used)
  }

  /// Bytes held.
  var byteCount: Int {
    [density, fieldX, fieldY, first, second].reduce(kernels.byteCount) { $0 + $1.byteCount }
  }

  /// From the density, which is zero again afterwards, to the forces on all nodes; returns the sum over all
  /// ordered pairs, each point with itself included.
  func convolve(threads: Int) throws -> Double {
    try Parallel.forEachBlock(count: transform.used, blockSize: 16, threads: threads) { rows in
      transform.withScratch { scratch in
        for row in rows { transform.forward(row, of: density, into: first, scratch) }
      }
      let width = density.width
      unsafe (density.values + rows.lowerBound * width).update(
        repeating: 0, count: rows.count * width)
    }
    let sums = try Parallel.map(count: transform.groups, blockSize: 2, threads: threads) { group in
      transform.withScratch { kernels.apply(transform, group: group, to: first, and: second, $0) }
    }
    try Parallel.forEachBlock(count: 2 * transform.used, blockSize: 16, threads: threads) { rows in
      transform.withScratch { scratch in
        for row in rows {
          if row < transform.used {
            transform.backward(row, of: first, into: fieldX, scratch)
          } else {
            transform.backward(row - transform.used, of: second, into: fieldY, scratch)
          }
        }
      }
    }
    return sums.reduce(0, +)
  }
}
