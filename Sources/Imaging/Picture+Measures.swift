public import Domain

extension Picture {
  /// One brightness per pixel, row-major, in 0...255: 0.299 R + 0.587 G + 0.114 B on the stored
  /// values (ITU-R BT.601), rounded once to float32.
  public func luminance() -> [Float] {
    luminanceInThousandths().map { Float($0) / 1000 }
  }

  /// Variance of the Laplacian, in squared 8-bit levels: near 0 for a blurred or flat picture.
  ///
  /// The Laplacian of the luminance is left + right + up + down - 4 * centre, over pixels that
  /// have all four neighbours; the variance divides by their number. 0 where there are none.
  /// It grows with noise and depends on the picture's size: compare pictures of equal size only.
  /// Source: Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy, ICPR 2000.
  public func sharpness() -> Double {
    guard width >= 3, height >= 3 else { return 0 }
    let light = luminanceInThousandths()
    var sum = 0
    var sumOfSquares = 0.0
    for y in 1..<height - 1 {
      let row = Self.laplacianSums(
        above: light[(y - 1) * width..<y * width].span,
        row: light[y * width..<(y + 1) * width].span,
        below: light[(y + 1) * width..<(y + 2) * width].span)
      sum += row.values
      sumOfSquares += Double(row.squares)
    }
    let count = Double((width - 2) * (height - 2))
    let mean = Double(sum) / count
    return max(0, sumOfSquares / count - mean * mean) / 1_000_000
  }

  /// Whole numbers, 299 R + 587 G + 114 B, so that sums over them are exact.
  private func luminanceInThousandths() -> [Int32] {
    var light = [Int32](repeating: 0, count: width * height)
    let bytes = pixels.span
    for pixel in light.indices {
      light[pixel] =
        299 &* Int32(bytes[3 &* pixel]) &+ 587 &* Int32(bytes[3 &* pixel &+ 1])
        &+ 114 &* Int32(bytes[3 &* pixel &+ 2])
    }
    return light
  }

  private static func laplacianSums(
    above: Span<Int32>, row: Span<Int32>, below: Span<Int32>
  ) -> (values: Int, squares: Int) {
    var (values, squares) = (0, 0)
    for x in 1..<row.count - 1 {
      let laplacian = row[x - 1] &+ row[x + 1] &+ above[x] &+ below[x] &- 4 &* row[x]
      values &+= Int(laplacian)
      squares &+= Int(laplacian) &* Int(laplacian)
    }
    return (values, squares)
  }
}
