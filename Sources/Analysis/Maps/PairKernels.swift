internal import CMapKernels
import Glibc
import LinearAlgebra

/// The Fourier transforms of what one node of a grid does to another, divided by that of how points are
/// spread over nodes, twice per direction: once for spreading and once for reading, taken to be like it.
struct PairKernels: Sendable {
  private let side: Int
  /// By group of columns, then by row: of 1 / (1 + r²), of x / (1 + r²)² and of y / (1 + r²)²; the
  /// latter two are i times what is kept.
  private let sum: [Float]
  private let alongX: [Float]
  private let alongY: [Float]
  /// How often each column of the half plane counts in a sum over the plane.
  private let columns: [Float]

  /// - Parameters:
  ///   - pitch: from one node to the next, in the layout's unit.
  ///   - gains: by frequency, the transform of spreading in one direction.
  ///   - share: of the force and of the sum at a squared distance that is this grid's to give.
  init(
    _ transform: PlaneTransform, pitch: Float, gains: [Double], share: (_ square: Float) -> Float
  ) {
    side = transform.side
    let half = transform.side / 2
    columns = (0..<transform.stride).map { $0 == 0 || $0 == half ? 1 : $0 < half ? 2 : 0 }
    sum = Self.transformed(transform, gains, part: 0) { x, y in
      let square = (x * x + y * y) * pitch * pitch
      return share(square) / (1 + square)
    }
    func force(_ along: Float, _ square: Float) -> Float {
      let weight = 1 / (1 + square)
      return along == -Float(half) ? 0 : share(square) * weight * weight * along * pitch
    }
    alongX = Self.transformed(transform, gains, part: 1) { x, y in
      force(x, (x * x + y * y) * pitch * pitch)
    }
    alongY = Self.transformed(transform, gains, part: 1) { x, y in
      force(y, (x * x + y * y) * pitch * pitch)
    }
  }

  var byteCount: Int { 12 * sum.count }

  /// Turns a group of columns of the density's transform into those of the two fields, and returns its part
  /// of the sum over all pairs.
  func apply(
    _ transform: PlaneTransform, group: Int, to first: Plane, and second: Plane,
    _ scratch: PlaneTransform.Scratch
  ) -> Double {
    let kernels = group * side * PlaneTransform.groupSize
    // Each kernel has a float for each number of a group.
    return unsafe sum.withUnsafeBufferPointer { sum in
      unsafe alongX.withUnsafeBufferPointer { alongX in
        unsafe alongY.withUnsafeBufferPointer { alongY in
          unsafe columns.withUnsafeBufferPointer { columns in
            guard let sum = sum.baseAddress, let alongX = alongX.baseAddress,
              let alongY = alongY.baseAddress, let columns = columns.baseAddress
            else { return 0 }
            return unsafe transform.convolve(group: group, of: first, and: second, scratch) {
              unsafe cmk_convolve(
                $0, $1, side, sum + kernels, alongX + kernels, alongY + kernels,
                columns + group * PlaneTransform.groupSize)
            }
          }
        }
      }
    }
  }

  /// Σ c(d) A(d) over near offsets d, with c what one node does to another and A(d) the overlap of what a
  /// point spreads over nodes with the same d nodes further on, per direction: what a point counts with
  /// itself in the sum, on average over where it lies in a cell.
  func selfSum(overlap: [Double]) -> Double {
    // Offsets on both sides count the same.
    let weights = overlap.enumerated().map { $0 == 0 ? $1 : 2 * $1 }
    func response(_ place: Int) -> Double {
      let frequency = 2 * Double.pi * Double(place) / Double(side)
      return weights.enumerated().reduce(0) { $0 + $1.element * cos(Double($1.offset) * frequency) }
    }
    let rows = (0..<side).map(response)
    let size = PlaneTransform.groupSize
    var total = 0.0
    for column in 0...side / 2 {
      let weight = Double(columns[column]) * response(column)
      for row in 0..<side {
        let place = (column / size * side + row) * size + column % size
        total += weight * rows[row] * Double(sum[place])
      }
    }
    return total
  }

  /// The real (0) or imaginary (1) part of a kernel's transform, corrected and scaled, by group.
  private static func transformed(
    _ transform: PlaneTransform, _ gains: [Double], part: Int, kernel: (Float, Float) -> Float
  ) -> [Float] {
    let (side, stride) = (transform.side, transform.stride)
    let plane = Plane(rows: side, width: side)
    func signed(_ place: Int) -> Float { Float(place < side / 2 ? place : place - side) }
    for row in 0..<side {
      // The row lies inside the plane, which nobody else knows yet.
      let values = unsafe plane.values + row * plane.width
      for column in 0..<side {
        unsafe values[column] = kernel(signed(column), signed(row))
      }
    }
    let spectrum = transform.spectrum(rows: side)
    let scale = 1 / (Double(side) * Double(side))
    var result = [Float](repeating: 0, count: side * stride)
    let size = PlaneTransform.groupSize
    transform.withScratch { scratch in
      for row in 0..<side { transform.forward(row, of: plane, into: spectrum, scratch) }
      for group in 0..<transform.groups {
        let values = unsafe transform.forward(group: group, of: spectrum, scratch)
        for column in group * size..<min((group + 1) * size, side / 2 + 1) {
          for row in 0..<side {
            let gain = gains[row] * gains[column]
            let value = unsafe Double(values[2 * (row * size + column % size) + part])
            let place = (group * side + row) * size + column % size
            result[place] = Float(value / (gain * gain) * scale)
          }
        }
      }
    }
    return result
  }
}
