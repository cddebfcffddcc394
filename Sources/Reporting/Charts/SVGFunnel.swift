/// A funnel of candidates as bars, one gate per row: what went on, and what was stopped there.
public enum SVGFunnel {
  /// SVG 1.1 text of 640 units width. No candidates give a figure that says so.
  public static func render(_ funnel: CandidateFunnel, title: String) -> String {
    drawing(funnel, title: title, standsAlone: true).text + "\n"
  }

  private static let rowHeight = 30.0

  static func drawing(_ funnel: CandidateFunnel, title: String, standsAlone: Bool) -> Markup {
    let rows = Double(funnel.gates.count + 2)
    let plot = Box(x: 190, y: 66, width: 290, height: rowHeight * rows)
    var parts = [SVGText.text(SVGText.clipped(title, to: 72), x: 16, y: 24, style: "title")]
    parts += legend()
    if funnel.candidates == 0 {
      parts.append(SVGText.text("No candidates", x: plot.midX, y: plot.midY, style: "muted"))
    } else {
      let unit = plot.width / Double(funnel.candidates)
      parts += bar("candidates", funnel.candidates, 0, 0, unit, plot)
      for (row, gate) in funnel.gates.enumerated() {
        parts += bar(gate.name, gate.passed, gate.stopped, row + 1, unit, plot)
      }
      parts += bar("accepted", funnel.accepted, 0, funnel.gates.count + 1, unit, plot)
    }
    let spoken =
      "\(title). \(Numeral.counted(funnel.candidates, "candidate", "candidates")), "
      + "\(Numeral.grouped(funnel.accepted)) accepted"
    let open = SVGText.open(
      width: 640, height: plot.y + plot.height + 6, top: standsAlone ? 0 : 30, label: spoken,
      standsAlone: standsAlone)
    return open + Markup.joined(parts) + "\n</svg>"
  }

  private static func legend() -> [Markup] {
    [("generated mark", "went on"), ("missing", "stopped here")].enumerated().flatMap {
      place, entry in
      let x = 16 + 92 * Double(place)
      return [
        "<rect class=\"\(entry.0)\" x=\"\(at: x)\" y=\"36\" width=\"12\" height=\"10\" rx=\"2\"/>",
        SVGText.text(entry.1, x: x + 18, y: 45, style: "small"),
      ] as [Markup]
    }
  }

  private static func bar(
    _ name: String, _ passed: Int, _ stopped: Int, _ row: Int, _ unit: Double, _ plot: Box
  ) -> [Markup] {
    let y = plot.y + rowHeight * Double(row)
    let width = unit * Double(passed)
    var parts = [
      SVGText.text(
        SVGText.clipped(name, to: 30), x: plot.x - 10, y: y + 15, style: "small", anchor: "end")
    ]
    if passed > 0 { parts.append(rect("generated mark", plot.x, y, width)) }
    if stopped > 0 {
      parts.append(rect("missing", plot.x + width, y, unit * Double(stopped)))
    }
    let end = plot.x + unit * Double(passed + stopped)
    let numbers =
      stopped == 0
      ? Numeral.grouped(passed)
      : "\(Numeral.grouped(passed)), stopped \(Numeral.grouped(stopped))"
        + " (\(Numeral.percent(Double(stopped) / Double(passed + stopped))))"
    parts.append(SVGText.text(numbers, x: end + 8, y: y + 15, style: "small num"))
    return parts
  }

  private static func rect(_ style: String, _ x: Double, _ y: Double, _ width: Double) -> Markup {
    """
    <rect class="\(style)" x="\(at: x)" y="\(at: y + 2)" width="\(at: max(0.8, width))" \
    height="18"/>
    """
  }
}
