import Execution
import Glibc
import LinearAlgebra

/// The part of the repulsion that is further away than the kernels of a grid reach, by a grid a few times
/// coarser: so far away forces are smooth.
struct FarField: Sendable {
  /// Rows and columns of the finer grid that make one of the coarser, and lanes that work on them.
  private static let block = 4
  /// Where the finer nodes after a coarse one's middle lie between it and the next.
  private static let between = SIMD4<Float>(0.125, 0.375, 0.625, 0.875)

  private let coarse: NodeField

  /// - Parameters:
  ///   - nodes: rows and columns of the finer grid.
  ///   - pitch: of the finer grid, in the layout's unit.
  ///   - share: of the force at a squared distance that is this field's to give.
  init(nodes: Int, pitch: Float, share: (_ square: Float) -> Float) {
    let transform = PlaneTransform(nodes: (nodes + Self.block - 1) / Self.block)
    let gains = (0..<transform.side).map { Self.gain($0, of: transform.side) }
    coarse = NodeField(
      transform,
      PairKernels(transform, pitch: Float(Self.block) * pitch, gains: gains, share: share))
  }

  /// Bytes held.
  var byteCount: Int { coarse.byteCount }

  /// Takes over the points of the finer grid; returns the sum over all ordered pairs.
  func convolve(_ fine: Plane, threads: Int) throws -> Double {
    let rows = (fine.rows + Self.block - 1) / Self.block
    try Parallel.forEachBlock(count: rows, blockSize: 4, threads: threads) { rows in
      for row in rows { gather(row, from: fine) }
    }
    return try coarse.convolve(threads: threads)
  }

  /// Adds the forces to the finer grid's.
  func add(toX fineX: Plane, y fineY: Plane, threads: Int) throws {
    try Parallel.forEachBlock(count: fineX.rows, blockSize: 16, threads: threads) { rows in
      for row in rows {
        Self.add(coarse.fieldX, to: fineX, row: row)
        Self.add(coarse.fieldY, to: fineY, row: row)
      }
    }
  }

  /// One row of nodes from a block of finer rows.
  private func gather(_ row: Int, from fine: Plane) {
    // All rows lie inside their planes, and widths are whole numbers of blocks.
    let to = unsafe coarse.density.values + row * coarse.density.width
    for column in 0..<min(fine.width / Self.block, coarse.density.width) {
      var sum = SIMD4<Float>()
      for row in row * Self.block..<min((row + 1) * Self.block, fine.rows) {
        sum += unsafe lanes(fine.values + row * fine.width + column * Self.block)
      }
      unsafe to[column] = sum.sum()
    }
  }

  /// Adds one row's forces, linear between the middles of the coarse nodes.
  private static func add(_ coarse: Plane, to fine: Plane, row: Int) {
    let place = max(0, Float(row - block / 2) + 0.5) / Float(block)
    let first = min(Int(place), coarse.rows - 1)
    let share = min(place - Float(first), 1)
    // Both rows lie inside the plane, as do the four nodes after every middle but the last.
    let near = unsafe coarse.values + first * coarse.width
    let next = unsafe coarse.values + min(first + 1, coarse.rows - 1) * coarse.width
    let to = unsafe fine.values + row * fine.width
    func value(_ column: Int) -> Float {
      unsafe near[column] + share * (next[column] - near[column])
    }
    var left = value(0)
    for column in 0..<min(coarse.rows, fine.width / block) - 1 {
      let right = value(column + 1)
      let at = unsafe to + column * block + block / 2
      let sum = unsafe lanes(at) + (left + between * (right - left))
      for lane in 0..<block { unsafe at[lane] = sum[lane] }
      left = right
    }
  }

  /// The transform of a block's sum, sin(ω / 2) / (b sin(ω / 2b)): so points are spread, and what they are
  /// read by is near enough to it for forces so smooth.
  private static func gain(_ place: Int, of side: Int) -> Double {
    let frequency = 2 * Double.pi * Double(place < side / 2 ? place : place - side) / Double(side)
    guard frequency != 0 else { return 1 }
    return sin(frequency / 2) / (Double(block) * sin(frequency / Double(2 * block)))
  }
}

@unsafe private func lanes(_ values: UnsafePointer<Float>) -> SIMD4<Float> {
  unsafe SIMD4(values[0], values[1], values[2], values[3])
}
