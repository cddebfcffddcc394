import Domain

/// A canvas in memory that draws antialiased shapes by their signed distance: a pixel whose centre
/// is deeper than half a pixel inside is covered fully, one as far outside not at all.
struct Raster: Sendable {
  let width: Int
  let height: Int
  var channels: [Float]

  /// A colour as 0xRRGGBB, and how much of it covers what lies beneath, 0...1.
  struct Paint: Sendable {
    var colour: UInt32
    var opacity: Float = 1
  }

  init(width: Int, height: Int, ground: UInt32) {
    self.width = width
    self.height = height
    let colour = Raster.components(ground)
    var channels: [Float] = []
    channels.reserveCapacity(3 * width * height)
    for _ in 0..<(width * height) { channels.append(contentsOf: [colour.0, colour.1, colour.2]) }
    self.channels = channels
  }

  var picture: Picture {
    let bytes = channels.map { UInt8(max(0, min(255, $0.rounded()))) }
    return Picture(width: width, height: height, pixels: bytes)
  }

  /// Paints where `distance`, in pixels from the shape's edge and negative inside, is below zero.
  /// Only pixels in `box` are looked at.
  mutating func paint(_ paint: Paint, in box: Box, distance: (Double, Double) -> Double) {
    let columns = clamped(box.x - 1, to: width)..<clamped(box.x + box.width + 2, to: width)
    let rows = clamped(box.y - 1, to: height)..<clamped(box.y + box.height + 2, to: height)
    let colour = Raster.components(paint.colour)
    for row in rows {
      for column in columns {
        let depth = 0.5 - distance(Double(column), Double(row))
        guard depth > 0 else { continue }
        let cover = Float(min(1, depth)) * paint.opacity
        let start = 3 * (row * width + column)
        channels[start] += cover * (colour.0 - channels[start])
        channels[start + 1] += cover * (colour.1 - channels[start + 1])
        channels[start + 2] += cover * (colour.2 - channels[start + 2])
      }
    }
  }

  private func clamped(_ value: Double, to limit: Int) -> Int {
    Int(max(0, min(Double(limit), value.isFinite ? value : 0)))
  }

  private static func components(_ colour: UInt32) -> (Float, Float, Float) {
    (Float(colour >> 16 & 255), Float(colour >> 8 & 255), Float(colour & 255))
  }
}
