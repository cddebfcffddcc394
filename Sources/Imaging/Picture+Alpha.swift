import Domain

extension Picture {
  /// Straight-alpha RGBA bytes composited over white; `isOpaque` tells whether alpha did nothing.
  static func overWhite(
    rgba: [UInt8], width: Int, height: Int
  ) -> (picture: Picture, isOpaque: Bool) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * width * height)
    var isOpaque = true
    for pixel in 0..<(width * height) {
      let alpha = Int(rgba[4 * pixel + 3])
      isOpaque = isOpaque && alpha == 255
      for channel in 0..<3 {
        let blend = Int(rgba[4 * pixel + channel]) * alpha + 255 * (255 - alpha)
        pixels.append(UInt8((blend + 127) / 255))
      }
    }
    return (Picture(width: width, height: height, pixels: pixels), isOpaque)
  }
}
