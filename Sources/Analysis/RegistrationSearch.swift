/// One run of the enhanced-correlation search: Gauss–Newton over the six numbers of an affine warp.
///
/// The warp takes a template pixel (x, y) to (p0 x + p2 y + p4, p1 x + p3 y + p5) in the moving
/// picture. With T and I the zero-mean template and warped picture over the overlap and J the
/// picture's slopes times the warp's derivatives, a step solves (JᵀJ) d = Jᵀ(λT - I), where
/// λ = (|I|² - IᵀJ(JᵀJ)⁻¹JᵀI) / (TᵀI - TᵀJ(JᵀJ)⁻¹JᵀI).
struct RegistrationSearch {
  let template: GreyField
  let moving: GreyField
  private let slopeX: GreyField
  private let slopeY: GreyField

  init(template: GreyField, moving: GreyField) {
    self.template = template
    self.moving = moving
    slopeX = moving.gradient(alongRows: true)
    slopeY = moving.gradient(alongRows: false)
  }

  /// The correlation reached; see `RegisteredCorrelation.between`.
  func best() -> Double {
    var warp: [Double] = [1, 0, 0, 1, 0, 0]
    var correlation = -1.0
    for _ in 0..<RegisteredCorrelation.maximumSteps {
      let overlap = Overlap(template, moving, slopeX, slopeY, warp: warp)
      let needed = RegisteredCorrelation.smallestOverlap * Double(template.values.count)
      guard Double(overlap.count) >= needed else { return -1 }
      guard let reached = overlap.correlation else { return 0 }
      if abs(reached - correlation) < RegisteredCorrelation.smallestGain { return reached }
      correlation = reached
      guard let step = overlap.step() else { return reached }
      for index in 0..<6 { warp[index] += step[index] }
      guard isBelievable(warp) else { return -1 }
    }
    return correlation
  }

  private func isBelievable(_ warp: [Double]) -> Bool {
    let limit = RegisteredCorrelation.largestDeformation
    let centre = 0.5 * Double(template.side - 1)
    let shiftX = (warp[0] - 1) * centre + warp[2] * centre + warp[4]
    let shiftY = warp[1] * centre + (warp[3] - 1) * centre + warp[5]
    let reach = RegisteredCorrelation.largestShift * Double(template.side)
    return abs(warp[0] - 1) <= limit && abs(warp[3] - 1) <= limit && abs(warp[1]) <= limit
      && abs(warp[2]) <= limit && abs(shiftX) <= reach && abs(shiftY) <= reach
  }
}

/// The sums over the pixels where the template and the warped picture overlap.
private struct Overlap {
  private(set) var count = 0
  private var sumT = 0.0
  private var sumI = 0.0
  private var sumTT = 0.0
  private var sumII = 0.0
  private var sumTI = 0.0
  private var sumJ = [Double](repeating: 0, count: 6)
  private var sumTJ = [Double](repeating: 0, count: 6)
  private var sumIJ = [Double](repeating: 0, count: 6)
  private var sumJJ = [Double](repeating: 0, count: 36)

  init(
    _ template: GreyField, _ moving: GreyField, _ slopeX: GreyField, _ slopeY: GreyField,
    warp: [Double]
  ) {
    let side = template.side
    let last = Float(side - 1)
    let p = warp.map { Float($0) }
    var row = Row()
    for y in 0..<side {
      row.clear()
      for x in 0..<side {
        let wx = p[0] * Float(x) + p[2] * Float(y) + p[4]
        let wy = p[1] * Float(x) + p[3] * Float(y) + p[5]
        guard wx >= 0, wy >= 0, wx <= last, wy <= last else { continue }
        row.add(
          x: Float(x), template: template.values[y * side + x],
          picture: moving.value(atX: wx, y: wy), slopeX: slopeX.value(atX: wx, y: wy),
          slopeY: slopeY.value(atX: wx, y: wy))
      }
      add(row, y: Double(y))
    }
  }

  /// Nil where either picture is flat over the overlap.
  var correlation: Double? {
    let n = Double(count)
    let energy = (sumTT - sumT * sumT / n) * (sumII - sumI * sumI / n)
    guard energy > 1e-18 else { return nil }
    return (sumTI - sumT * sumI / n) / energy.squareRoot()
  }

  /// The warp's next change, or nil where the picture's slopes say nothing.
  func step() -> [Double]? {
    let n = Double(count)
    let imageProjection = (0..<6).map { sumIJ[$0] - sumI * sumJ[$0] / n }
    let templateProjection = (0..<6).map { sumTJ[$0] - sumT * sumJ[$0] / n }
    guard let solvedImage = solve(sumJJ, imageProjection) else { return nil }
    guard let solvedTemplate = solve(sumJJ, templateProjection) else { return nil }
    var top = sumII - sumI * sumI / n
    var bottom = sumTI - sumT * sumI / n
    for index in 0..<6 {
      top -= imageProjection[index] * solvedImage[index]
      bottom -= templateProjection[index] * solvedImage[index]
    }
    guard bottom > 0 else { return nil }
    let scale = top / bottom
    return (0..<6).map { scale * solvedTemplate[$0] - solvedImage[$0] }
  }

  /// Sums of one row, with x still separate from y: J is (gx·x, gy·x, gx·y, gy·y, gx, gy).
  private struct Row {
    var count = 0
    var t: Float = 0
    var i: Float = 0
    var tt: Float = 0
    var ii: Float = 0
    var ti: Float = 0
    /// Moments of gx and gy with 1, x: order gx, gx·x, gy, gy·x.
    var j = SIMD4<Float>.zero
    var tj = SIMD4<Float>.zero
    var ij = SIMD4<Float>.zero
    /// gx², gx·gy, gy² with 1, x and x².
    var g0 = SIMD4<Float>.zero
    var g1 = SIMD4<Float>.zero
    var g2 = SIMD4<Float>.zero

    mutating func clear() { self = Row() }

    @inline(__always)
    mutating func add(x: Float, template: Float, picture: Float, slopeX: Float, slopeY: Float) {
      count += 1
      t += template
      i += picture
      tt += template * template
      ii += picture * picture
      ti += template * picture
      let g = SIMD4<Float>(slopeX, slopeX * x, slopeY, slopeY * x)
      j += g
      tj += template * g
      ij += picture * g
      let squares = SIMD4<Float>(slopeX * slopeX, slopeX * slopeY, slopeY * slopeY, 0)
      g0 += squares
      g1 += x * squares
      g2 += (x * x) * squares
    }
  }

  private mutating func add(_ row: Row, y: Double) {
    count += row.count
    sumT += Double(row.t)
    sumI += Double(row.i)
    sumTT += Double(row.tt)
    sumII += Double(row.ii)
    sumTI += Double(row.ti)
    Self.spread(row.j, y: y, into: &sumJ)
    Self.spread(row.tj, y: y, into: &sumTJ)
    Self.spread(row.ij, y: y, into: &sumIJ)
    addSquares(row, y: y)
  }

  /// Places moments (gx, gx·x, gy, gy·x) of one row in J's order.
  private static func spread(_ m: SIMD4<Float>, y: Double, into sum: inout [Double]) {
    sum[0] += Double(m[1])
    sum[1] += Double(m[3])
    sum[2] += Double(m[0]) * y
    sum[3] += Double(m[2]) * y
    sum[4] += Double(m[0])
    sum[5] += Double(m[2])
  }

  /// J's factors as (slope axis, has x, has y), to build JᵀJ from the row's moments.
  private static let factors = [
    (0, 1, 0), (1, 1, 0), (0, 0, 1), (1, 0, 1), (0, 0, 0), (1, 0, 0),
  ]

  private mutating func addSquares(_ row: Row, y: Double) {
    let moments = [row.g0, row.g1, row.g2]
    let powers = [1, y, y * y]
    for a in 0..<6 {
      for b in 0..<6 {
        let (axisA, xA, yA) = Self.factors[a]
        let (axisB, xB, yB) = Self.factors[b]
        sumJJ[6 * a + b] += Double(moments[xA + xB][axisA + axisB]) * powers[yA + yB]
      }
    }
  }
}

/// Solves a symmetric positive definite 6 x 6 system by Cholesky; nil where it is not definite.
private func solve(_ matrix: [Double], _ right: [Double]) -> [Double]? {
  var lower = matrix
  for column in 0..<6 {
    for row in column..<6 {
      var sum = lower[6 * row + column]
      for k in 0..<column { sum -= lower[6 * row + k] * lower[6 * column + k] }
      if row == column {
        guard sum > 1e-12 else { return nil }
        lower[6 * row + column] = sum.squareRoot()
      } else {
        lower[6 * row + column] = sum / lower[6 * column + column]
      }
    }
  }
  var result = right
  for row in 0..<6 {
    for k in 0..<row { result[row] -= lower[6 * row + k] * result[k] }
    result[row] /= lower[6 * row + row]
  }
  for row in (0..<6).reversed() {
    for k in (row + 1)..<6 { result[row] -= lower[6 * k + row] * result[k] }
    result[row] /= lower[6 * row + row]
  }
  return result
}
