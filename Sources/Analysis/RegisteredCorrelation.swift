public import Domain

/// How alike two small grey pictures are once one is laid onto the other.
///
/// Two crops of one photograph differ by a few pixels of shift, size and tilt, which lowers their
/// plain correlation; two photographs of one person stay different after any affine move. The move
/// is found by maximising the enhanced correlation coefficient (Evangelidis & Psarakis, "Parametric
/// Image Alignment Using Enhanced Correlation Coefficient Maximization", TPAMI 2008, forward
/// additive form with an affine warp), starting from no move.
public enum RegisteredCorrelation {
  /// Steps after which the search stops even if it still improves.
  static let maximumSteps = 30
  /// The search stops when a step gains less correlation than this.
  static let smallestGain = 1e-4
  /// Largest change of size or shape a crop of the same photograph is believed to have.
  static let largestDeformation = 0.25
  /// Largest believed shift, as a share of the side.
  static let largestShift = 0.2
  /// Share of the pixels that must overlap.
  static let smallestOverlap = 0.6

  /// The correlation, in -1...1, after the best affine move; 1 means the same picture.
  ///
  /// - Parameters:
  ///   - template: `side * side` grey values, row-major, zero mean and unit length as a whole.
  ///   - moving: likewise.
  /// - Returns: -1 where the search leaves the believable moves; 0 where a picture is flat.
  public static func between(
    _ template: ArraySlice<Float>, _ moving: ArraySlice<Float>, side: Int
  ) -> CosineSimilarity {
    precondition(template.count == side * side && moving.count == side * side)
    let search = RegistrationSearch(
      template: GreyField(Array(template), side: side).smoothed(),
      moving: GreyField(Array(moving), side: side).smoothed())
    return CosineSimilarity(Float(search.best()))
  }
}

/// A square of grey values.
struct GreyField {
  let side: Int
  let values: [Float]

  init(_ values: [Float], side: Int) {
    self.values = values
    self.side = side
  }

  /// Blurred by the 3 x 3 binomial kernel, borders repeated: gradients of raw pixels are too rough.
  func smoothed() -> GreyField {
    let rows = GreyField(blurredAlongRows(), side: side)
    let both = GreyField(rows.transposed().blurredAlongRows(), side: side)
    return both.transposed()
  }

  func transposed() -> GreyField {
    var turned = values
    for y in 0..<side {
      for x in 0..<side { turned[x * side + y] = values[y * side + x] }
    }
    return GreyField(turned, side: side)
  }

  private func blurredAlongRows() -> [Float] {
    var blurred = values
    for y in 0..<side {
      for x in 0..<side {
        let left = values[y * side + max(x - 1, 0)]
        let right = values[y * side + min(x + 1, side - 1)]
        blurred[y * side + x] = 0.25 * left + 0.5 * values[y * side + x] + 0.25 * right
      }
    }
    return blurred
  }

  /// Half the difference of the neighbours, along x when `step` is 1, along y when it is `side`.
  func gradient(alongRows: Bool) -> GreyField {
    var slopes = values
    for y in 0..<side {
      for x in 0..<side {
        let (before, after) =
          alongRows
          ? (y * side + max(x - 1, 0), y * side + min(x + 1, side - 1))
          : (max(y - 1, 0) * side + x, min(y + 1, side - 1) * side + x)
        slopes[y * side + x] = 0.5 * (values[after] - values[before])
      }
    }
    return GreyField(slopes, side: side)
  }

  /// Bilinear value at a point inside 0...side-1 on both axes.
  @inline(__always)
  func value(atX x: Float, y: Float) -> Float {
    let left = min(Int(x), side - 2)
    let top = min(Int(y), side - 2)
    let fx = x - Float(left)
    let fy = y - Float(top)
    let corner = top * side + left
    let upper = values[corner] + fx * (values[corner + 1] - values[corner])
    let lower = values[corner + side] + fx * (values[corner + side + 1] - values[corner + side])
    return upper + fy * (lower - upper)
  }
}
