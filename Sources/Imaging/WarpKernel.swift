import Domain

/// Bilinear sampling along the rows of a crop, in fixed point: positions carry 32 fractional bits
/// while stepping and are rounded to 11 for the weights. Levels are blended along x, rounded to 7
/// fractional bits so that they fit 16, then blended along y and rounded to whole levels.
///
/// Unsafe use here is confined to pointers that live inside one closure. Four bytes are read per
/// RGB pixel, so the fast path keeps one column clear of the right edge; everything else goes
/// through checked reads.
struct WarpKernel {
  private static let weightBits = 11
  private static let one = 1 << weightBits
  private static let stepBits = 32
  /// Fractional bits dropped between the two blends.
  private static let middleBits = 4
  private static let lastBits = 2 * weightBits - middleBits
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
      let first = 3 * y * blank.width
      unsafe crop.pixels.withUnsafeMutableBufferPointer { pixels in
        unsafe paint(.init(rebasing: pixels[first..<first + 3 * blank.width]), start: start)
      }
    }
    return crop
  }

  private func paint(_ row: UnsafeMutableBufferPointer<UInt8>, start: Point) {
    let unit = Double(1 << Self.stepBits)
    let rounding = 1 << (Self.stepBits - Self.weightBits - 1)
    var x = Int((start.x * unit).rounded()) + rounding
    var y = Int((start.y * unit).rounded()) + rounding
    let stepX = Int((inverse.a * unit).rounded())
    let stepY = Int((inverse.b * unit).rounded())
    let fractionShift = Self.stepBits - Self.weightBits
    let innerColumns = UInt(max(picture.width - 2, 0))
    let innerRows = UInt(picture.height - 1)
    unsafe picture.pixels.withUnsafeBytes { source in
      for at in stride(from: 0, to: row.count, by: 3) {
        let (left, top) = (x >> Self.stepBits, y >> Self.stepBits)
        let fx = (x >> fractionShift) & (Self.one - 1)
        let fy = (y >> fractionShift) & (Self.one - 1)
        let isInside =
          UInt(bitPattern: left) < innerColumns && UInt(bitPattern: top) < innerRows
        let colour =
          isInside
          ? unsafe inner(source, at: 3 * (top &* picture.width &+ left), fx: fx, fy: fy)
          : outer(left: left, top: top, fx: fx, fy: fy)
        unsafe row[at] = UInt8(truncatingIfNeeded: colour.x)
        unsafe row[at + 1] = UInt8(truncatingIfNeeded: colour.y)
        unsafe row[at + 2] = UInt8(truncatingIfNeeded: colour.z)
        x &+= stepX
        y &+= stepY
      }
    }
  }

  @inline(__always)
  private func inner(
    _ source: UnsafeRawBufferPointer, at offset: Int, fx: Int, fy: Int
  ) -> SIMD4<Int32> {
    let below = offset &+ 3 &* picture.width
    let upper = unsafe blend(pixel(source, offset), pixel(source, offset &+ 3), fx)
    let lower = unsafe blend(pixel(source, below), pixel(source, below &+ 3), fx)
    return finish(upper, lower, fy)
  }

  private func outer(left: Int, top: Int, fx: Int, fy: Int) -> SIMD4<Int32> {
    let upper = blend(checkedPixel(left, top), checkedPixel(left + 1, top), fx)
    let lower = blend(checkedPixel(left, top + 1), checkedPixel(left + 1, top + 1), fx)
    return finish(upper, lower, fy)
  }

  @inline(__always)
  private func blend(_ a: SIMD4<Int32>, _ b: SIMD4<Int32>, _ fraction: Int) -> SIMD4<Int32> {
    let weight = Int16(truncatingIfNeeded: fraction)
    let rest = Int16(truncatingIfNeeded: Self.one - fraction)
    let sum = a &* SIMD4(repeating: Int32(rest)) &+ b &* SIMD4(repeating: Int32(weight))
    return (sum &+ SIMD4(repeating: 1 << (Int32(Self.middleBits) - 1)))
      &>> SIMD4(repeating: Int32(Self.middleBits))
  }

  @inline(__always)
  private func finish(
    _ upper: SIMD4<Int32>, _ lower: SIMD4<Int32>, _ fraction: Int
  ) -> SIMD4<Int32> {
    let weight = Int16(truncatingIfNeeded: fraction)
    let rest = Int16(truncatingIfNeeded: Self.one - fraction)
    let sum = upper &* SIMD4(repeating: Int32(rest)) &+ lower &* SIMD4(repeating: Int32(weight))
    return (sum &+ SIMD4(repeating: 1 << (Int32(Self.lastBits) - 1)))
      &>> SIMD4(repeating: Int32(Self.lastBits))
  }

  @inline(__always)
  private func pixel(_ source: UnsafeRawBufferPointer, _ offset: Int) -> SIMD4<Int32> {
    let bytes = unsafe source.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt8>.self)
    return SIMD4(truncatingIfNeeded: bytes)
  }

  private func checkedPixel(_ x: Int, _ y: Int) -> SIMD4<Int32> {
    guard x >= 0, y >= 0, x < picture.width, y < picture.height else {
      return SIMD4(repeating: Int32(border))
    }
    let at = 3 * (y * picture.width + x)
    return SIMD4(
      Int32(picture.pixels[at]), Int32(picture.pixels[at + 1]), Int32(picture.pixels[at + 2]), 0)
  }
}
