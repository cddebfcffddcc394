internal import CMapKernels
import Glibc
import LinearAlgebra

/// The Fourier transforms of what one node of a grid does to another, divided by the splines' own
/// transforms, twice per direction: once for spreading and once for reading.
struct PairKernels: Sendable {
  /// What a point counts with itself in the sum, on average over where it lies in a cell.
  let selfSum: Double
  private let side: Int
  /// By group of columns, then by row: of 1 / (1 + r²), of x / (1 + r²)² and of y / (1 + r²)²; the
  /// latter two are i times what is kept.
  private let sum: [Float]
  private let alongX: [Float]
  private let alongY: [Float]
  /// How often each column of the half plane counts in a sum over the plane.
  private let columns: [Float]

  init(_ transform: PlaneTransform, nodesPerUnit: Float) {
    let pitch = 1 / nodesPerUnit
    side = transform.side
    let half = transform.side / 2
    columns = (0..<transform.stride).map { $0 == 0 || $0 == half ? 1 : $0 < half ? 2 : 0 }
    let gains = (0..<transform.side).map { Self.gain($0, of: transform.side) }
    sum = Self.transformed(transform, gains, part: 0) { x, y in
      1 / (1 + (x * x + y * y) * pitch * pitch)
    }
    selfSum = Self.selfSum(sum, columns, side: transform.side)
    alongX = Self.transformed(transform, gains, part: 1) { x, y in
      let weight = 1 / (1 + (x * x + y * y) * pitch * pitch)
      return x == -Float(half) ? 0 : weight * weight * x * pitch
    }
    alongY = Self.transformed(transform, gains, part: 1) { x, y in
      let weight = 1 / (1 + (x * x + y * y) * pitch * pitch)
      return y == -Float(half) ? 0 : weight * weight * y * pitch
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

  /// Σ c(d) A(d) over near offsets d, with c what one node's spline does to another's and A the overlap
  /// of two quintic splines d apart: the B-spline of degree 11 at d, per direction.
  private static func selfSum(_ sum: [Float], _ columns: [Float], side: Int) -> Double {
    let overlap: [Double] = [15_724_248, 9_738_114, 2_203_488, 152_637, 2036, 1]
      .map { $0 / 39_916_800 }
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

  /// The transform of the quintic B-spline's values at the nodes: (66 + 52 cos ω + 2 cos 2ω) / 120.
  private static func gain(_ place: Int, of side: Int) -> Double {
    let frequency = 2 * Double.pi * Double(place) / Double(side)
    return (66 + 52 * cos(frequency) + 2 * cos(2 * frequency)) / 120
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
