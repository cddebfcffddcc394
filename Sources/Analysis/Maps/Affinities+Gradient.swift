import Execution
import Glibc

/// The gradient of the divergence with respect to each point.
public struct TSNEGradient: Equatable, Sendable {
  public var x: [Float]
  public var y: [Float]
}

extension Affinities {
  /// dKL/dy of a layout: 4 Σⱼ (pᵢⱼ e - qᵢⱼ) (yᵢ - yⱼ) / (1 + ‖yᵢ - yⱼ‖²), all pairs, with attraction
  /// multiplied by the exaggeration e (1 gives the true gradient).
  ///
  /// The same bytes on any number of threads.
  /// - Precondition: one coordinate each per point.
  public func gradient(
    x: [Float], y: [Float], exaggeration: Float = 1, threads: Int
  ) throws -> TSNEGradient {
    precondition(x.count == count && y.count == count)
    let columns = LayoutColumns(x, y)
    let forces = try Parallel.mapBlocks(
      count: count, blockSize: Self.blockSize, threads: threads
    ) { rows in
      Forces(on: rows, of: columns, affinities: blocks[rows.lowerBound / Self.blockSize])
    }
    // Each row counted itself once.
    let total = forces.reduce(0) { $0 + $1.sum } - Double(count)
    let repulsion = Float(1 / max(total, .leastNormalMagnitude))
    var gradient = TSNEGradient(x: [], y: [])
    for block in forces {
      for row in block.attraction.indices {
        let force = block.attraction[row] * exaggeration - block.repulsion[row] * repulsion
        gradient.x.append(4 * force.x)
        gradient.y.append(4 * force.y)
      }
    }
    return gradient
  }

  /// KL(P ‖ Q) = Σ pᵢⱼ ln(pᵢⱼ / qᵢⱼ) in nats, over ordered pairs with pᵢⱼ > 0, summed in double.
  /// The same bytes on any number of threads.
  public func klDivergence(x: [Float], y: [Float], threads: Int) throws -> Double {
    precondition(x.count == count && y.count == count)
    let sums = try Parallel.mapBlocks(
      count: count, blockSize: Self.blockSize, threads: threads
    ) { rows in
      Divergence(of: rows, x: x, y: y, affinities: blocks[rows.lowerBound / Self.blockSize])
    }
    let kernel = sums.reduce(0) { $0 + $1.kernel }
    return sums.reduce(0) { $0 + $1.cross } + sums.reduce(0) { $0 + $1.mass } * log(kernel)
  }
}

/// A layout with eight points side by side; padding sits so far away that it weighs nothing.
struct LayoutColumns: Sendable {
  let x: [SIMD8<Float>]
  let y: [SIMD8<Float>]

  init(_ x: [Float], _ y: [Float]) {
    self.x = Self.columns(x)
    self.y = Self.columns(y)
  }

  private static func columns(_ values: [Float]) -> [SIMD8<Float>] {
    var columns = [SIMD8<Float>](repeating: SIMD8(repeating: 1e15), count: (values.count + 7) / 8)
    for (place, value) in values.enumerated() { columns[place / 8][place % 8] = value }
    return columns
  }
}

/// The sums of one block of rows, with w = 1 / (1 + d²).
private struct Forces: Sendable {
  /// Σ p w (yᵢ - yⱼ) per row.
  var attraction: [SIMD2<Float>] = []
  /// Σ w² (yᵢ - yⱼ) per row.
  var repulsion: [SIMD2<Float>] = []
  /// Σ w over the block, each row's own 1 included.
  var sum = 0.0

  init(on rows: Range<Int>, of layout: LayoutColumns, affinities: [SIMD8<Float>]) {
    let xs = layout.x.span
    let ys = layout.y.span
    let affinities = affinities.span
    let perRow = xs.count
    attraction.reserveCapacity(rows.count)
    repulsion.reserveCapacity(rows.count)
    for row in rows {
      let x = SIMD8<Float>(repeating: xs[row / 8][row % 8])
      let y = SIMD8<Float>(repeating: ys[row / 8][row % 8])
      let start = (row - rows.lowerBound) * perRow
      var pull = (x: SIMD8<Float>.zero, y: SIMD8<Float>.zero)
      var push = (x: SIMD8<Float>.zero, y: SIMD8<Float>.zero)
      var weights = SIMD8<Float>.zero
      for vector in 0..<perRow {
        let dx = x - xs[vector]
        let dy = y - ys[vector]
        let weight = 1 / (dx * dx + dy * dy + 1)
        let attracting = affinities[start + vector] * weight
        let repelling = weight * weight
        weights += weight
        pull.x += attracting * dx
        pull.y += attracting * dy
        push.x += repelling * dx
        push.y += repelling * dy
      }
      attraction.append(SIMD2(pull.x.sum(), pull.y.sum()))
      repulsion.append(SIMD2(push.x.sum(), push.y.sum()))
      sum += Double(weights.sum())
    }
  }
}

/// The parts of the divergence from one block of rows.
private struct Divergence: Sendable {
  /// Σ p (ln p + ln(1 + d²)).
  var cross = 0.0
  /// Σ p.
  var mass = 0.0
  /// Σ 1 / (1 + d²) without the rows themselves.
  var kernel = 0.0

  init(of rows: Range<Int>, x: [Float], y: [Float], affinities: [SIMD8<Float>]) {
    let perRow = (x.count + 7) / 8
    let affinities = affinities.span
    let (x, y) = (x.span, y.span)
    for row in rows {
      let start = (row - rows.lowerBound) * perRow
      for other in 0..<x.count where other != row {
        let dx = Double(x[row]) - Double(x[other])
        let dy = Double(y[row]) - Double(y[other])
        let distance = 1 + dx * dx + dy * dy
        kernel += 1 / distance
        let affinity = Double(affinities[start + other / 8][other % 8])
        guard affinity > 0 else { continue }
        mass += affinity
        cross += affinity * log(affinity * distance)
      }
    }
  }
}
