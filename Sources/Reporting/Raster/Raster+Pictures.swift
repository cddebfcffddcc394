import Domain

extension Raster {
  /// Puts a picture's pixels down with its top left corner at a whole place; what hangs over is cut.
  mutating func put(_ picture: Picture, x: Int, y: Int) {
    for row in 0..<picture.height where (0..<height).contains(y + row) {
      for column in 0..<picture.width where (0..<width).contains(x + column) {
        let from = 3 * (row * picture.width + column)
        let to = 3 * ((y + row) * width + x + column)
        for channel in 0..<3 { channels[to + channel] = Float(picture.pixels[from + channel]) }
      }
    }
  }
}
