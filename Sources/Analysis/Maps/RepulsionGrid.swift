internal import CMapKernels
import Execution
import Glibc
import LinearAlgebra

/// Repulsion between all points of a layout, by a grid: every point is spread over the nodes around it
/// by quintic B-splines, the grid is convolved with the force between nodes by Fourier transforms, and
/// the force is read back with the same splines.
///
/// The force's kernel is odd and both splines are equal, so two points at one place never push each
/// other, and no pair pushes itself along: errors do not add up in tight clusters. The kernel is
/// corrected for the splines' smoothing, so that it is met exactly at the nodes. Sources: Linderman et
/// al., *Fast interpolation-based t-SNE*, Nature Methods 16, 2019 (the idea); Essmann et al., *A smooth
/// particle mesh Ewald method*, J. Chem. Phys. 103, 1995 (splines, correction, differentiated kernel).
/// The grid's pitch is fixed in the layout's unit, the width of the kernel; at half a unit forces are
/// off by a few per cent of their root mean square, and maps end at the divergence of exact gradients
/// to about a hundredth.
final class RepulsionGrid {
  /// Nodes per unit of the layout.
  static let nodesPerUnit: Float = 2
  /// Nodes kept free on each side: a spline reaches 2 before and 3 after, lanes 5.
  private static let margin = 4
  /// Grid rows that one thread fills at a time; bands that touch are filled one after the other.
  private static let band = Int(cmk_band)
  private static let growth = 1.08
  /// Nodes that the grid's own kernels reach over in a layout that is larger; `FarField` does the rest.
  private static let reach = 64
  /// A larger layout gets a coarser grid.
  private static let mostNodes = 2048

  private let threads: Int
  private var nodesPerUnit: Float
  private var parts: Parts?
  private var bandStarts: [Int64] = []
  private var order: [Int32] = []

  init(threads: Int, nodesPerUnit: Float = RepulsionGrid.nodesPerUnit) {
    self.threads = threads
    self.nodesPerUnit = nodesPerUnit
  }

  /// The share of a force that the grid gives itself: all up to half the reach, nothing beyond it, and
  /// smooth between.
  /// - Parameter square: of the distance, in nodes.
  private static func nearShare(_ square: Float) -> Float {
    let part = square.squareRoot() / Float(reach)
    guard part > 0.5 else { return 1 }
    return part < 1 ? (1 + cos(2 * .pi * (part - 0.5))) / 2 : 0
  }

  /// What a grid size needs, made once.
  private struct Parts: Sendable {
    let near: NodeField
    let far: FarField?
    /// What a point counts with itself in the sum over all pairs.
    let selfSum: Double

    init(nodes: Int, nodesPerUnit: Float) {
      let isWide = nodes > reach
      let pitch = 1 / nodesPerUnit
      let scale = nodesPerUnit * nodesPerUnit
      let transform = PlaneTransform(nodes: nodes, spare: isWide ? reach : nil)
      near = NodeField(
        transform,
        PairKernels(
          transform, pitch: pitch,
          gains: (0..<transform.side).map { QuinticSpline.gain($0, of: transform.side) }
        ) { isWide ? nearShare($0 * scale) : 1 })
      far =
        isWide
        ? FarField(nodes: transform.used, pitch: pitch) { 1 - nearShare($0 * scale) } : nil
      selfSum = near.kernels.selfSum(overlap: QuinticSpline.overlap)
    }

    /// From the points' density to the forces on all nodes; returns the sum over all ordered pairs, each
    /// point with itself included.
    func convolve(threads: Int) throws -> Double {
      guard let far else { return try near.convolve(threads: threads) }
      let farSum = try far.convolve(near.density, threads: threads)
      let nearSum = try near.convolve(threads: threads)
      try far.add(toX: near.fieldX, y: near.fieldY, threads: threads)
      return nearSum + farSum
    }

    var byteCount: Int { near.byteCount + (far?.byteCount ?? 0) }
  }

  /// Bytes held.
  var byteCount: Int { parts?.byteCount ?? 0 }

  /// Σⱼ w² (yᵢ - yⱼ) of every point, with w = 1 / (1 + dᵢⱼ²), and Σ w over all ordered pairs of
  /// different points.
  func forces(x: [Float], y: [Float], into force: inout TSNEGradient) throws -> Double {
    let extent = Extent(x, y)
    let parts = try fit(extent)
    let layout = Corner(extent, margin: Self.margin, nodesPerUnit: nodesPerUnit)
    sortIntoBands(x, y, layout, parts)
    try spread(x, y, layout, parts)
    let sum = try parts.convolve(threads: threads)
    try read(x, y, layout, parts, into: &force)
    return sum - Double(x.count) * parts.selfSum
  }

  /// How far a layout reaches.
  private struct Extent {
    var least = SIMD2<Float>()
    var greatest = SIMD2<Float>()

    init(_ x: [Float], _ y: [Float]) {
      for (axis, values) in [x, y].enumerated() where !values.isEmpty {
        // Every value lies inside the array.
        unsafe cmk_range(values, values.count, &least[axis], &greatest[axis])
      }
    }

    var span: Float { (greatest - least).max() }
    var isFinite: Bool { (greatest - least).x.isFinite && (greatest - least).y.isFinite }
  }

  /// A grid as large as the layout needs, with room to grow.
  private func fit(_ extent: Extent) throws -> Parts {
    guard extent.isFinite else {
      throw AnalysisError(
        code: .outOfRange, message: "the map flew apart: its points are no longer finite",
        hint: "take a smaller learning rate")
    }
    while extent.span * nodesPerUnit > Float(Self.mostNodes) {
      nodesPerUnit /= 2
      parts = nil
    }
    let needed = Int(extent.span * nodesPerUnit) + 3 * Self.margin
    if let parts, needed <= parts.near.transform.used { return parts }
    let fresh = Parts(
      nodes: max(32, Int(Double(needed) * Self.growth)), nodesPerUnit: nodesPerUnit)
    parts = fresh
    return fresh
  }

  /// Where node (0, 0) lies.
  private struct Corner: Sendable {
    var x: Float
    var y: Float
    var scale: Float

    init(_ extent: Extent, margin: Int, nodesPerUnit: Float) {
      scale = nodesPerUnit
      x = extent.least.x - Float(margin) / nodesPerUnit
      y = extent.least.y - Float(margin) / nodesPerUnit
    }

    /// Lends a layout to C for the length of a call.
    @unsafe func withLayout(_ xs: [Float], _ ys: [Float], _ body: (cmk_layout) -> Void) {
      unsafe xs.withUnsafeBufferPointer { xs in
        unsafe ys.withUnsafeBufferPointer { ys in
          unsafe body(
            cmk_layout(x: xs.baseAddress, y: ys.baseAddress, x0: x, y0: y, scale: scale))
        }
      }
    }
  }

  /// The points by band of grid rows, in order within each.
  private func sortIntoBands(_ x: [Float], _ y: [Float], _ corner: Corner, _ parts: Parts) {
    let bands = (parts.near.transform.used + Self.band - 1) / Self.band
    if bandStarts.count != bands + 2 { bandStarts = [Int64](repeating: 0, count: bands + 2) }
    if order.count != y.count { order = [Int32](repeating: 0, count: y.count) }
    unsafe corner.withLayout(x, y) { layout in
      var layout = unsafe layout
      // Every point lies on the grid, and there is a place for each band and each point.
      unsafe cmk_bands(&layout, y.count, bands, &bandStarts, &order)
    }
  }

  private func spread(_ x: [Float], _ y: [Float], _ corner: Corner, _ parts: Parts) throws {
    let bands = bandStarts.count - 2
    let (starts, order) = (bandStarts, order)
    let grid = parts.near.density
    for parity in 0..<2 {
      // Bands of one parity are further apart than a spline is wide.
      try Parallel.forEachBlock(
        count: (bands - parity + 1) / 2, blockSize: 1, threads: threads
      ) { block in
        let band = 2 * block.lowerBound + parity
        let own = Int(starts[band])..<Int(starts[band + 1])
        precondition(own.isEmpty || (band + 1) * Self.band <= grid.rows + Self.band)
        unsafe corner.withLayout(x, y) { layout in
          var layout = unsafe layout
          unsafe order.withUnsafeBufferPointer { points in
            guard let base = points.baseAddress else { return }
            unsafe cmk_spread(&layout, base + own.lowerBound, own.count, grid.values, grid.width)
          }
        }
      }
    }
  }

  private func read(
    _ x: [Float], _ y: [Float], _ corner: Corner, _ parts: Parts, into force: inout TSNEGradient
  ) throws {
    let (fieldX, fieldY) = (parts.near.fieldX, parts.near.fieldY)
    try unsafe force.x.withUnsafeMutableBufferPointer { fx in
      try unsafe force.y.withUnsafeMutableBufferPointer { fy in
        let (fx, fy) = unsafe (Lent(fx), Lent(fy))
        try Parallel.forEachBlock(count: x.count, blockSize: 1024, threads: threads) { rows in
          unsafe corner.withLayout(x, y) { layout in
            var layout = unsafe layout
            // Every block writes its own points.
            unsafe cmk_read(
              &layout, rows.lowerBound, rows.upperBound, fieldX.values, fieldY.values,
              fieldX.width, fx.start, fy.start)
          }
        }
      }
    }
  }
}

/// Memory lent to threads that each write places of their own.
@safe struct Lent: @unchecked Sendable {
  @unsafe let start: UnsafeMutablePointer<Float>

  /// - Precondition: the buffer outlives every use.
  init(_ buffer: UnsafeMutableBufferPointer<Float>) {
    precondition(buffer.count > 0)
    unsafe start = unsafe buffer.baseAddress.unsafelyUnwrapped
  }
}
