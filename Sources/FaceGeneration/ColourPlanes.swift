internal import Domain

/// A batch of pictures as networks give them: planes of red, green and blue, one picture after another.
struct ColourPlanes {
  let values: [Float]
  /// Pixels.
  let width: Int
  let height: Int
  /// The values of black and white.
  let range: ClosedRange<Float>

  /// round(255 · clamp((x − black) / (white − black), 0, 1)), planes to interleaved pixels; no picture,
  /// with `giver` in the reason, where a value is not finite.
  func picture(_ index: Int, from giver: String) -> GeneratedPicture {
    let area = width * height
    let black = range.lowerBound
    let scale = 255 / (range.upperBound - black)
    var pixels = [UInt8](repeating: 0, count: 3 * area)
    for channel in 0..<3 {
      let plane = (3 * index + channel) * area
      for pixel in 0..<area {
        let level = (values[plane + pixel] - black) * scale
        guard level.isFinite else {
          return .none(reason: "\(giver) gave a value that is not finite")
        }
        pixels[3 * pixel + channel] = UInt8(min(max(level, 0), 255).rounded())
      }
    }
    return .picture(Picture(width: width, height: height, pixels: pixels))
  }
}
