extension Raster {
  enum Anchor: Sendable { case start, middle, end }

  /// Letters and their weight, in pixels.
  struct Lettering: Sendable {
    /// Height of a line; capitals are 0.72 of it.
    var size: Double
    /// Width of a stroke.
    var weight: Double
    var paint: Paint
    var anchor = Anchor.start

    var scale: Double { 0.72 * size / StrokeFont.capitalHeight }

    /// The width of `text` in pixels.
    func width(_ text: String) -> Double { StrokeFont.layout(text).width * scale }
  }

  /// Writes `text` on the baseline through `place`.
  mutating func write(_ text: String, at place: Place, _ lettering: Lettering) {
    let (glyphs, width) = StrokeFont.layout(text)
    let scale = lettering.scale
    let shift =
      switch lettering.anchor {
      case .start: 0.0
      case .middle: -width * scale / 2
      case .end: -width * scale
      }
    for (glyph, x) in glyphs where !glyph.strokes.isEmpty {
      let lines = glyph.strokes.map { stroke in
        stroke.map { (x: place.x + shift + (x + $0.x) * scale, y: place.y - $0.y * scale) }
      }
      strokes(lines, width: lettering.weight, lettering.paint)
    }
  }
}
