internal import Domain

/// Turns interleaved 8-bit pixels into the float planes that networks take.
///
/// A pixel has 256 values per channel, so (p − mean) / std is looked up: computed once in double
/// precision and rounded to float32.
struct PixelPlanes: Sendable {
  /// 256 levels of red, then of green, then of blue.
  private let levels: [Float]
  /// The plane that red, green and blue go to.
  private let planeOf: [Int]

  init(_ input: ModelManifest.Input) {
    levels = (0..<3).flatMap { channel in
      (0..<256).map { Float((Double($0) - input.mean[channel]) / input.std[channel]) }
    }
    planeOf = input.channels == .rgb ? [0, 1, 2] : [2, 1, 0]
  }

  /// Appends the picture's three planes, each row by row.
  func append(_ picture: Picture, to planes: inout [Float]) {
    let area = picture.width * picture.height
    let start = planes.count
    planes.append(contentsOf: repeatElement(0, count: 3 * area))
    let pixels = picture.pixels.span
    let levels = levels.span
    var target = planes.mutableSpan
    for channel in 0..<3 {
      let plane = start + planeOf[channel] * area
      let table = 256 * channel
      for pixel in 0..<area {
        target[plane + pixel] = levels[table + Int(pixels[3 * pixel + channel])]
      }
    }
  }
}
