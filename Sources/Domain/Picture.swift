/// An 8-bit RGB raster: row-major, interleaved, top row first, no padding.
public struct Picture: Equatable, Sendable {
  /// Width and height in pixels, both at least 1.
  public let width: Int
  public let height: Int
  /// `3 * width * height` bytes: R, G, B of pixel (0, 0), then of pixel (1, 0), and so on.
  public var pixels: [UInt8]

  /// - Precondition: `pixels.count == 3 * width * height` and both sides are positive.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && pixels.count == 3 * width * height)
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// A picture of one colour.
  public init(width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) {
    var pixels = [UInt8](repeating: red, count: 3 * width * height)
    for pixel in 0..<(width * height) {
      pixels[3 * pixel + 1] = green
      pixels[3 * pixel + 2] = blue
    }
    self.init(width: width, height: height, pixels: pixels)
  }
}
