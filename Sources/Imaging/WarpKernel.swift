import Domain

/// Bilinear sampling along the rows of a crop, in fixed point: positions carry 32 fractional bits
/// while stepping and are rounded to 11 for the weights, so that weights times 8-bit levels fit
/// 32 bits.
struct WarpKernel {
  private static let weightBits = 11
  private static let one = 1 << weightBits
  private static let stepBits = 32
  /// Positions farther out than this many pixels show border, whatever the picture.
  private static let farthest = 1e9

  let picture: Picture
  /// From crop to picture coordinates.
  let inverse: SimilarityTransform
  let border: UInt8

  /// `blank`, with every pixel whose preimage touches the picture painted.
  func warp(onto blank: Picture) -> Picture {
    var crop = blank
    let reach = Double(blank.width) * (abs(inverse.a) + abs(inverse.b))
    for y in 0..<blank.height {
      let start = inverse.apply(to: Point(x: 0, y: Double(y)))
      guard abs(start.x) + reach < Self.farthest, abs(start.y) + reach < Self.farthest
      else { continue }
      paint(&crop.pixels, row: y, width: blank.width, start: start)
    }
    return crop
  }

  private func paint(_ pixels: inout [UInt8], row: Int, width: Int, start: Point) {
    let unit = Double(1 << Self.stepBits)
    let rounding = 1 << (Self.stepBits - Self.weightBits - 1)
    var x = Int((start.x * unit).rounded()) + rounding
    var y = Int((start.y * unit).rounded()) + rounding
    let stepX = Int((inverse.a * unit).rounded())
    let stepY = Int((inverse.b * unit).rounded())
    let fractionShift = Self.stepBits - Self.weightBits
    for column in 0..<width {
      let (left, top) = (x >> Self.stepBits, y >> Self.stepBits)
      let fx = (x >> fractionShift) & (Self.one - 1)
      let fy = (y >> fractionShift) & (Self.one - 1)
      let at = 3 * (row * width + column)
      for channel in 0..<3 {
        pixels[at + channel] = sample(left: left, top: top, fx: fx, fy: fy, channel: channel)
      }
      x &+= stepX
      y &+= stepY
    }
  }

  private func sample(left: Int, top: Int, fx: Int, fy: Int, channel: Int) -> UInt8 {
    let upper = level(left, top, channel) * (Self.one - fx) + level(left + 1, top, channel) * fx
    let lower =
      level(left, top + 1, channel) * (Self.one - fx) + level(left + 1, top + 1, channel) * fx
    let sum = upper * (Self.one - fy) + lower * fy
    return UInt8((sum + 1 << (2 * Self.weightBits - 1)) >> (2 * Self.weightBits))
  }

  private func level(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    guard x >= 0, y >= 0, x < picture.width, y < picture.height else { return Int(border) }
    return Int(picture.pixels[3 * (y * picture.width + x) + channel])
  }
}
