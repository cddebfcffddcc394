public import Domain

extension Picture {
  /// One brightness per pixel, row-major, in 0...255: 0.299 R + 0.587 G + 0.114 B on the stored
  /// values (ITU-R BT.601).
  public func luminance() -> [Float] {
    (0..<width * height).map { pixel in
      let red = Float(pixels[3 * pixel])
      let green = Float(pixels[3 * pixel + 1])
      let blue = Float(pixels[3 * pixel + 2])
      return 0.299 * red + 0.587 * green + 0.114 * blue
    }
  }

  /// Variance of the Laplacian, in squared 8-bit levels: near 0 for a blurred or flat picture.
  ///
  /// The Laplacian of the luminance is left + right + up + down - 4 * centre, over pixels that
  /// have all four neighbours; the variance divides by their number. 0 where there are none.
  /// It grows with noise and depends on the picture's size: compare pictures of equal size only.
  /// Source: Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy, ICPR 2000.
  public func sharpness() -> Double {
    guard width >= 3, height >= 3 else { return 0 }
    let light = luminance()
    var sum = 0.0
    var sumOfSquares = 0.0
    for y in 1..<height - 1 {
      for x in 1..<width - 1 {
        let i = y * width + x
        let around = light[i - 1] + light[i + 1] + light[i - width] + light[i + width]
        let laplacian = Double(around - 4 * light[i])
        sum += laplacian
        sumOfSquares += laplacian * laplacian
      }
    }
    let count = Double((width - 2) * (height - 2))
    let mean = sum / count
    return max(0, sumOfSquares / count - mean * mean)
  }
}
