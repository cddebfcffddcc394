/// The lettering of raster figures: single strokes with round ends, drawn at any size.
///
/// Units: baseline 0, capitals 14 high, small letters 10, descenders to -4, y up.
enum StrokeFont {
  struct Glyph: Sendable {
    /// Places along each stroke.
    var strokes: [[Place]]
    /// Width of the drawing; the gap to the next glyph is extra.
    var width: Double
  }

  struct Place: Sendable {
    var x: Double
    var y: Double
  }

  static let capitalHeight = 14.0
  private static let gap = 4.0
  private static let blank = Glyph(strokes: [], width: 2.5)

  /// The glyphs of `text` with the left edge of each, in units, and the whole width.
  static func layout(_ text: String) -> (glyphs: [(glyph: Glyph, x: Double)], width: Double) {
    var x = 0.0
    var result: [(glyph: Glyph, x: Double)] = []
    for character in text {
      let glyph = character.isWhitespace ? blank : glyphs[character] ?? unknown
      result.append((glyph, x))
      x += glyph.width + gap
    }
    return (result, max(0, x - gap))
  }

  /// What stands for a character without a drawing: an upright box.
  private static let unknown = parse("M0 0 L0 14 L8 14 L8 0 L0 0", width: 8)

  private static let glyphs: [Character: Glyph] = {
    var result: [Character: Glyph] = [:]
    for (character, outline) in outlines {
      let fixed = character.isNumber ? 8.6 : nil
      result[character] = parse(outline, width: fixed)
    }
    return result
  }()

  /// Reads an outline: `M x y` moves, `L x y` draws a line, `C` six numbers a cubic curve, `O cx cy rx
  /// ry` an ellipse.
  private static func parse(_ outline: String, width: Double?) -> Glyph {
    var strokes: [[Place]] = []
    var rest = outline.split(separator: " ")[...]
    while let word = rest.popFirst(), let command = word.first {
      let count = command == "C" ? 5 : command == "O" ? 3 : 1
      let words = [word.dropFirst()] + rest.prefix(count)
      rest = rest.dropFirst(count)
      let values = words.compactMap { Double(String($0)) }
      guard values.count == count + 1 else { break }
      append(command, values, to: &strokes)
    }
    let widest = strokes.joined().map(\.x).max() ?? 0
    return Glyph(strokes: strokes, width: width ?? widest)
  }

  private static func append(_ command: Character, _ v: [Double], to strokes: inout [[Place]]) {
    let last = strokes.count - 1
    switch command {
    case "M": strokes.append([Place(x: v[0], y: v[1])])
    case "L" where last >= 0: strokes[last].append(Place(x: v[0], y: v[1]))
    case "C" where last >= 0:
      let ends = [Place(x: v[0], y: v[1]), Place(x: v[2], y: v[3]), Place(x: v[4], y: v[5])]
      strokes[last] += curve(from: strokes[last][strokes[last].count - 1], ends)
    case "O": strokes.append(ellipse(Place(x: v[0], y: v[1]), v[2], v[3]))
    default: break
    }
  }

  private static func curve(from a: Place, _ ends: [Place]) -> [Place] {
    (1...8).map { step in
      let t = Double(step) / 8
      let u = 1 - t
      let w = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t]
      return Place(
        x: w[0] * a.x + w[1] * ends[0].x + w[2] * ends[1].x + w[3] * ends[2].x,
        y: w[0] * a.y + w[1] * ends[0].y + w[2] * ends[1].y + w[3] * ends[2].y)
    }
  }

  /// Four cubic quarters; 0.5523 is the usual handle length that keeps them closest to an ellipse.
  private static func ellipse(_ c: Place, _ rx: Double, _ ry: Double) -> [Place] {
    let k = 0.5523
    func at(_ x: Double, _ y: Double) -> Place { Place(x: c.x + x * rx, y: c.y + y * ry) }
    var places = [at(1, 0)]
    let quarters = [
      [at(1, k), at(k, 1), at(0, 1)], [at(-k, 1), at(-1, k), at(-1, 0)],
      [at(-1, -k), at(-k, -1), at(0, -1)], [at(k, -1), at(1, -k), at(1, 0)],
    ]
    for quarter in quarters { places += curve(from: places[places.count - 1], quarter) }
    return places
  }
}
