internal import Domain

/// A decoder's planes at 8 bits.
enum DecodedPlanes {
  /// round(255 · clamp(x/2 + 0.5, 0, 1)), half to even as NumPy rounds, planes to interleaved pixels.
  /// No picture where a value is not finite.
  static func picture(
    _ planes: [Float], width: Int, height: Int, name: String
  ) -> GeneratedPicture {
    let area = width * height
    var pixels = [UInt8](repeating: 0, count: 3 * area)
    var target = pixels.mutableSpan
    let source = planes.span
    for channel in 0..<3 {
      for pixel in 0..<area {
        let value = source[channel * area + pixel]
        guard value.isFinite else {
          return .none(reason: "generator \(name) gave a value that is not finite")
        }
        let level = min(max(value / 2 + 0.5, 0), 1) * 255
        target[3 * pixel + channel] = UInt8(level.rounded(.toNearestOrEven))
      }
    }
    return .picture(Picture(width: width, height: height, pixels: pixels))
  }
}
