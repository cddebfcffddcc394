public import Domain

extension PNGMap {
  /// The map as pixels on light ground: title, method, a point per image (colour and shape by
  /// population, hollow where quarantined), Δ, legend. Everything scales with the picture.
  /// - Precondition: both sides are at least 64 pixels.
  public static func picture(_ report: MapReport, width: Int, height: Int) -> Picture {
    precondition(width >= 64 && height >= 64, "a map needs at least 64 × 64 pixels")
    var drawing = MapDrawing(report, width: width, height: height)
    drawing.drawHeading()
    drawing.drawPoints()
    drawing.drawArrow()
    drawing.drawLegend()
    return drawing.raster.picture
  }
}

/// One map being drawn.
private struct MapDrawing {
  var raster: Raster
  private let report: MapReport
  /// Pixels per unit of a drawing 1200 wide and 900 high.
  private let unit: Double
  private let box: Box
  private let frame: MapFrame

  init(_ report: MapReport, width: Int, height: Int) {
    self.report = report
    raster = Raster(width: width, height: height, ground: Palette.ground.light)
    let unit = min(Double(width) / 1200, Double(height) / 900)
    self.unit = unit
    box = Box(
      x: 28 * unit, y: 92 * unit, width: Double(width) - 56 * unit,
      height: Double(height) - 152 * unit)
    frame = MapFrame(report, in: box, margin: 30 * unit)
  }

  private func lettering(
    _ size: Double, _ colour: UInt32, weight: Double = 0.085, anchor: Raster.Anchor = .start
  ) -> Raster.Lettering {
    Raster.Lettering(
      size: size * unit, weight: max(1, weight * size * unit), paint: .init(colour: colour),
      anchor: anchor)
  }

  mutating func drawHeading() {
    let title = fitted(report.title, lettering(30, Palette.ink.light, weight: 0.1))
    raster.write(
      title, at: (28 * unit, 46 * unit), lettering(30, Palette.ink.light, weight: 0.1))
    let small = lettering(15.5, Palette.muted.light)
    raster.write(fitted(report.method, small), at: (28 * unit, 74 * unit), small)
    raster.frame(box, corner: 8 * unit, width: 1.2 * unit, .init(colour: Palette.rule.light))
  }

  /// `text` without absolute paths, cut to the width of the picture.
  private func fitted(_ text: String, _ lettering: Raster.Lettering) -> String {
    var text = Redaction.withoutAbsolutePaths(text)
    let room = Double(raster.width) - 56 * unit
    guard lettering.width(text) > room else { return text }
    while !text.isEmpty, lettering.width(text + "…") > room { text.removeLast() }
    return text + "…"
  }

  mutating func drawPoints() {
    let drawn = report.pointsInDrawingOrder
    let radius = unit * (drawn.count > 1500 ? 3.1 : drawn.count > 300 ? 4.2 : 5.4)
    let hasNew = report.hasNew
    for point in drawn {
      let paint = Raster.Paint(
        colour: Palette.light(point.population),
        opacity: hasNew && !point.isNew ? 0.2 : point.quarantined ? 0.95 : 0.7)
      raster.marker(
        Marker(point.population), at: frame.place(point.x, point.y),
        radius: point.isNew ? radius * 1.4 : radius,
        isHollow: point.quarantined, paint)
    }
    if drawn.isEmpty {
      raster.write(
        "No images on the map", at: (box.midX, box.midY),
        lettering(18, Palette.muted.light, anchor: .middle))
    }
  }

  mutating func drawArrow() {
    guard let arrow = report.drawableArrow else { return }
    let shape = ArrowShape(
      from: frame.place(arrow.fromX, arrow.fromY), to: frame.place(arrow.toX, arrow.toY),
      size: 26 * unit)
    let ink = Raster.Paint(colour: Palette.ink.light)
    let halo = Raster.Paint(colour: Palette.ground.light, opacity: 0.9)
    raster.strokes([[shape.from, shape.neck]], width: 9 * unit, halo)
    raster.strokes([[shape.from, shape.neck]], width: 3.8 * unit, ink)
    raster.polygon([shape.head[0], shape.head[1], shape.neck], ink)
    raster.polygon([shape.head[0], shape.neck, shape.head[3]], ink)
    let place = (x: shape.label.x, y: shape.label.y + 8 * unit)
    var letter = lettering(24, Palette.ground.light, weight: 0.4, anchor: .middle)
    raster.write("Δ", at: place, letter)
    letter = lettering(24, Palette.ink.light, weight: 0.11, anchor: .middle)
    raster.write("Δ", at: place, letter)
  }

  mutating func drawLegend() {
    let ink = lettering(17, Palette.ink.light)
    let y = Double(raster.height) - 28 * unit
    var x = 40 * unit
    for entry in report.legend {
      let label = "\(entry.population.rawValue) \(Numeral.grouped(entry.count))"
      raster.marker(
        Marker(entry.population), at: (x, y - 6 * unit), radius: 7 * unit, isHollow: false,
        .init(colour: Palette.light(entry.population)))
      raster.write(label, at: (x + 15 * unit, y), ink)
      x += ink.width(label) + 52 * unit
    }
    if report.quarantinedCount > 0 {
      let label = "hollow: quarantined \(Numeral.grouped(report.quarantinedCount))"
      raster.marker(
        .disc, at: (x, y - 6 * unit), radius: 6 * unit, isHollow: true,
        .init(colour: Palette.ink.light))
      raster.write(label, at: (x + 15 * unit, y), ink)
      x += ink.width(label) + 52 * unit
    }
    let reading = "near means similar; axes have no unit"
    let small = lettering(15, Palette.muted.light, anchor: .end)
    let edge = Double(raster.width) - 28 * unit
    if x + small.width(reading) < edge { raster.write(reading, at: (edge, y), small) }
  }
}
