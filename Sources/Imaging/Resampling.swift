public import Domain

/// Changing a picture's size.
public enum Resampling {
  /// `picture` at `width` x `height` pixels.
  ///
  /// Bit for bit what Pillow's `Image.resize` gives for 8-bit RGB: when shrinking the kernel is
  /// widened by the scale, so nothing aliases; rows are resized first, then columns, and each
  /// pass rounds and clamps to 8 bits. A side that stays the same is not filtered. Deterministic;
  /// cost is proportional to output width times input height plus output size, times the taps.
  /// - Precondition: `width` and `height` are positive.
  public static func resized(
    _ picture: Picture, to width: Int, _ height: Int, filter: ResampleFilter
  ) -> Picture {
    precondition(width > 0 && height > 0)
    if picture.width == width, picture.height == height { return picture }
    if filter == .nearest { return nearest(picture, width, height) }
    var result = picture
    if width != picture.width {
      let table = ResampleTable(from: picture.width, to: width, filter: filter)
      result = ResampleKernel.resizedRows(result, table: table)
    }
    if height != picture.height {
      let table = ResampleTable(from: picture.height, to: height, filter: filter)
      result = ResampleKernel.resizedColumns(result, table: table)
    }
    return result
  }

  private static func nearest(_ picture: Picture, _ width: Int, _ height: Int) -> Picture {
    let columns = nearestPositions(from: picture.width, to: width).map { 3 * $0 }
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    let source = picture.pixels.span
    var output = pixels.mutableSpan
    var at = 0
    for row in nearestPositions(from: picture.height, to: height) {
      let start = 3 * row * picture.width
      for column in columns {
        output[at] = source[start + column]
        output[at + 1] = source[start + column + 1]
        output[at + 2] = source[start + column + 2]
        at += 3
      }
    }
    return Picture(width: width, height: height, pixels: pixels)
  }

  /// The scale is added up step by step, as Pillow does; multiplying would differ on exact ties.
  private static func nearestPositions(from input: Int, to output: Int) -> [Int] {
    let scale = Double(input) / Double(output)
    var position = scale * 0.5
    return (0..<output).map { _ in
      defer { position += scale }
      return min(Int(position), input - 1)
    }
  }
}
