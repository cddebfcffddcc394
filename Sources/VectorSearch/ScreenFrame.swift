import CVectorKernels
import Domain
import LinearAlgebra

/// How rows are turned, cut and rounded so that most pairs can be ruled out cheaply. Both sides of a
/// search use the same frame.
///
/// Write z = R x for the first `depth` coordinates of x on nearly orthonormal axes, ẑ for z rounded
/// to whole multiples of a scale s, with |z - ẑ| ≤ ε, and r² = |x|² - |z|² for what the axes leave
/// out. With η ≥ |R Rᵀ - I| and δ ≥ the rounding error of the product R x, Cauchy and Schwarz give
///
///     <x, y> ≤ s² <q(x), q(y)> + |ẑ(x)| ε(y) + ε(x) |z(y)| + r(x) r(y) + η + 2 δ,
///
/// where q are the whole numbers and r² is raised by η + 2 δ. The right side is an 8-bit product and
/// one more multiplication per pair. A pair whose right side is below the floor cannot match; every
/// other pair is looked at again with more coordinates and finally by `FixedDot`. So the answer is the
/// complete one, and depends on neither frame nor instructions.
struct ScreenFrame: Sendable {
  let width: Int
  /// `depth` rows of `width`; nil where the rows are taken as they are.
  let axes: Vectors?
  /// Coordinates of the first look, a multiple of `unit`.
  let depth: Int
  let unit: Int
  let prefixScale: Float
  let fullScale: Float
  /// Rows whose prefix loses more than this always get a second look.
  let errorCap: Float
  /// η + 2 δ, rounded up.
  let defect: Double

  /// What rows of length 1 may differ from it by; see `UnitCheck`.
  static let longest = 1.003
  /// What `FixedDot`'s last rounding can add.
  static let lastRounding = 3e-7

  /// Room for the rounding of the float comparisons on whole numbers, in units of scale².
  static func slack(depth: Int) -> Double { 8 + Double(depth) * 127 * 255 * 0x1p-22 }

  /// - Parameters:
  ///   - axes: all axes, most telling first; nil takes rows as they are.
  ///   - depth: how many of them to use.
  ///   - sample: rows to choose the scales by.
  ///   - unit: what depth is a multiple of, itself one of 4; coordinates that rows lack are zero.
  init(axes: Vectors?, depth: Int, sample: Vectors, unit: Int = 4, path: KernelPath) {
    self.unit = unit
    width = sample.width
    let chosen = axes?.rows(0..<depth)
    self.axes = chosen
    self.depth = axes == nil ? (sample.width + unit - 1) / unit * unit : depth
    fullScale = Rounding.scale(for: sample)
    let turned = chosen.map { Self.turned(sample, by: $0) } ?? sample
    prefixScale = Rounding.scale(for: turned)
    let errors = RoundedRows(turned, scale: prefixScale, unit: unit, path: path).errors.sorted()
    errorCap = errors.isEmpty ? 0 : 1.1 * errors[min(errors.count - 1, errors.count * 999 / 1000)]
    defect = chosen.map(Self.defect) ?? 0
  }

  /// One that was chosen before.
  init(
    width: Int, axes: Vectors?, depth: Int, prefixScale: Float, fullScale: Float, errorCap: Float,
    defect: Double
  ) {
    unit = 4
    self.width = width
    self.axes = axes
    self.depth = depth
    self.prefixScale = prefixScale
    self.fullScale = fullScale
    self.errorCap = errorCap
    self.defect = defect
  }

  static func turned(_ rows: Vectors, by axes: Vectors) -> Vectors {
    Vectors(count: rows.count, width: axes.count, values: rows.similarities(to: axes))
  }

  func turned(_ rows: Vectors) -> Vectors { axes.map { Self.turned(rows, by: $0) } ?? rows }

  /// η by the Frobenius norm of R Rᵀ - I in double; δ by the bound of a product of `width` terms per
  /// coordinate (Higham, *Accuracy and Stability of Numerical Algorithms*, section 3.1).
  private static func defect(of axes: Vectors) -> Double {
    var squared = 0.0
    for row in 0..<axes.count {
      for other in 0...row {
        let expected = row == other ? 1.0 : 0
        let off = Double(axes.dot(row: row, axes, row: other)) - expected
        squared += (row == other ? 1 : 2) * off * off
      }
    }
    let product = Double(axes.count).squareRoot() * Double(axes.width + 4) * 0x1p-24
    return 1.02 * (squared.squareRoot() + 1e-6 + 2 * product)
  }

  /// r for a row of squared length `whole` whose kept part has squared length `kept`.
  func rest(whole: Double, kept: Double) -> Float {
    axes == nil ? 0 : Float((max(0, whole - kept) + defect).squareRoot() * 1.000_001)
  }
}
