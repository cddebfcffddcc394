import Glibc

/// The law of the angle between a von Mises–Fisher draw and its mean, cut off at a largest angle:
/// density ∝ sinᵈ⁻² θ exp(κ cos θ) on 0...limit.
struct PolarAngle: Sendable {
  /// Cells of the table. Over the range that matters a cell is a hundredth of a deviation.
  static let cells = 2048
  /// What lies this many natural logarithms below the peak has no weight that a double could hold.
  static let depth = 40.0

  private let low: Double
  private let high: Double
  /// Share of the weight up to the end of each cell.
  private let cumulative: [Double]

  init(concentration: Double, width: Int, limit: Double) {
    let power = Double(width - 2)
    func logDensity(_ angle: Double) -> Double {
      let exponent = concentration * (cos(angle) - 1)
      return power == 0 ? exponent : exponent + power * log(sin(angle))
    }
    // Where the derivative is 0: κ sin² θ = (d - 2) cos θ.
    let root = power + (power * power + 4 * concentration * concentration).squareRoot()
    let mode = min(limit, root > 0 ? acos(min(1, 2 * concentration / root)) : 0)
    let floor = logDensity(mode) - Self.depth
    low = Self.boundary(from: mode, to: 0) { logDensity($0) >= floor }
    high = Self.boundary(from: mode, to: limit) { logDensity($0) >= floor }
    let peak = logDensity(mode)
    let cell = (high - low) / Double(Self.cells)
    var sum = 0.0
    var sums: [Double] = []
    for place in 0..<Self.cells {
      let weight = exp(logDensity(low + (Double(place) + 0.5) * cell) - peak)
      sum += weight.isFinite ? weight : 0
      sums.append(sum)
    }
    cumulative = sum > 0 ? sums.map { $0 / sum } : []
  }

  /// The angle that a share `share` of draws lies below.
  func quantile(_ share: Double) -> Double {
    guard let last = cumulative.indices.last, high > low else { return high }
    var (first, end) = (0, last)
    while first < end {
      let middle = (first + end) / 2
      if cumulative[middle] < share { first = middle + 1 } else { end = middle }
    }
    let before = first == 0 ? 0 : cumulative[first - 1]
    let weight = cumulative[first] - before
    let part = weight > 0 ? min(1, max(0, (share - before) / weight)) : 0
    return low + (Double(first) + part) * (high - low) / Double(Self.cells)
  }

  /// The farthest point from `start` towards `end` where `holds` is still true, by bisection.
  private static func boundary(
    from start: Double, to end: Double, holds: (Double) -> Bool
  ) -> Double {
    if holds(end) { return end }
    var (inside, outside) = (start, end)
    for _ in 0..<60 {
      let middle = (inside + outside) / 2
      if holds(middle) { inside = middle } else { outside = middle }
    }
    return outside
  }
}
