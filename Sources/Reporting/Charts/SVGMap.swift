import Domain

/// The map as a drawing that stands alone: a point per image, colour and shape by population,
/// hollow where the image is in quarantine, Δ as an arrow.
public enum SVGMap {
  /// SVG 1.1 text of 960 × 720 units, following the reader's light or dark setting. A report
  /// without points gives an empty frame that says so.
  public static func render(_ report: MapReport) -> String {
    drawing(report, standsAlone: true).text + "\n"
  }

  static func drawing(_ report: MapReport, standsAlone: Bool) -> Markup {
    let box = Box(x: 16, y: 64, width: 928, height: 606)
    let frame = MapFrame(report, in: box, margin: 26)
    var parts = standsAlone ? heading(report) : []
    parts.append(
      """
      <rect class="frame" x="\(at: box.x)" y="\(at: box.y)" width="\(at: box.width)" \
      height="\(at: box.height)" rx="6"/>
      """)
    parts += points(report, in: frame)
    if let arrow = report.drawableArrow { parts += self.arrow(arrow, in: frame) }
    if report.drawablePoints.isEmpty {
      parts.append(
        SVGText.text(
          "No images on the map", x: box.midX, y: box.midY, style: "muted", anchor: "middle"))
    }
    parts += legend(report)
    let open = SVGText.open(
      width: 960, height: 720, top: standsAlone ? 0 : 60, label: report.spokenSummary,
      standsAlone: standsAlone)
    return open + Markup.joined(parts) + "\n</svg>"
  }

  private static func heading(_ report: MapReport) -> [Markup] {
    [
      SVGText.text(SVGText.clipped(report.title, to: 96), x: 16, y: 30, style: "title"),
      SVGText.text(report.method, x: 16, y: 50, style: "muted small"),
    ]
  }

  private static func points(_ report: MapReport, in frame: MapFrame) -> [Markup] {
    let drawn = report.pointsInDrawingOrder
    let radius = drawn.count > 1500 ? 2.6 : drawn.count > 300 ? 3.4 : 4.4
    let hasNew = report.hasNew
    return drawn.map { point in
      let place = frame.place(point.x, point.y)
      let mark = point.quarantined ? "q" : "dot"
      let faint = hasNew && !point.isNew ? " old" : ""
      return Marker(point.population).svg(
        x: place.x, y: place.y, radius: point.isNew ? radius * 1.4 : radius,
        style: "\(point.population.rawValue) \(mark)\(faint)")
    }
  }

  private static func arrow(_ arrow: OffsetArrow, in frame: MapFrame) -> [Markup] {
    let shape = ArrowShape(
      from: frame.place(arrow.fromX, arrow.fromY), to: frame.place(arrow.toX, arrow.toY), size: 18)
    let head = shape.head.map { "\(Numeral.coordinate($0.x)) \(Numeral.coordinate($0.y))" }
    let shaft: Markup = """
      M\(at: shape.from.x) \(at: shape.from.y)L\(at: shape.neck.x) \(at: shape.neck.y)
      """
    return [
      """
      <path class="halo" fill="none" style="stroke-width:7px" d="\(shaft)"/>
      """,
      """
      <path fill="none" stroke="currentColor" stroke-width="2.6" d="\(shaft)"/>
      """,
      """
      <path class="mark" d="M\(head.joined(separator: "L"))z"/>
      """,
      SVGText.text(
        "Δ", x: shape.label.x, y: shape.label.y + 5, style: "title halo", anchor: "middle"),
    ]
  }

  private static func legend(_ report: MapReport) -> [Markup] {
    var x = 22.0
    var parts: [Markup] = []
    for entry in report.legend {
      let label = "\(entry.population.rawValue) \(Numeral.grouped(entry.count))"
      let style = "\(entry.population.rawValue) mark"
      parts.append(Marker(entry.population).svg(x: x, y: 692, radius: 5, style: style))
      parts.append(SVGText.text(label, x: x + 12, y: 696, style: "num"))
      x += SVGText.width(label, size: 12) + 38
    }
    if report.quarantinedCount > 0 {
      let label = "hollow: quarantined \(Numeral.grouped(report.quarantinedCount))"
      parts.append(Marker.disc.svg(x: x, y: 692, radius: 4.5, style: "q"))
      parts.append(SVGText.text(label, x: x + 12, y: 696, style: "num"))
      x += SVGText.width(label, size: 12) + 38
    }
    let reading = "near means similar; no units"
    if x + SVGText.width(reading, size: 11) < 944 {
      parts.append(SVGText.text(reading, x: 944, y: 696, style: "muted small", anchor: "end"))
    }
    return parts
  }
}
