import Glibc

/// The detection error trade-off of a calibration as a drawing: the false-match rate on a logarithmic
/// axis, the false non-match rate on a normal-deviate axis, so that small rates can be read.
public enum SVGTradeOff {
  /// SVG 1.1 text of 460 × 400 units. Dots are operating points, hollow where extrapolated.
  public static func render(_ report: CalibrationReport) -> String {
    drawing(report, standsAlone: true).text + "\n"
  }

  /// Shares that get a tick on the normal-deviate axis.
  private static let ticks = [
    0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.995, 0.999,
  ]
  private static let plot = Box(x: 62, y: 44, width: 372, height: 300)

  static func drawing(_ report: CalibrationReport, standsAlone: Bool) -> Markup {
    let curve = report.curve.filter {
      $0.falseMatchRate > 0 && $0.falseMatchRate <= 1 && $0.falseNonMatchRate > 0
        && $0.falseNonMatchRate < 1
    }
    let rates = curve.map(\.falseMatchRate) + report.points.map(\.falseMatchRate)
    let decades = max(2, Int((-log10(rates.min() ?? 0.01) - 1e-9).rounded(.up)))
    let misses = curve.map(\.falseNonMatchRate)
    let frame = Frame(
      decades: decades, low: min(0.005, misses.min() ?? 0.005),
      high: max(0.5, misses.max() ?? 0.5))
    var parts = [
      SVGText.text("Detection error trade-off", x: 16, y: 24, style: "title")
    ]
    parts += axes(frame)
    if curve.isEmpty {
      parts.append(
        SVGText.text(
          "No trade-off was measured", x: plot.midX, y: plot.midY, style: "muted", anchor: "middle")
      )
    } else {
      parts.append(line(curve, frame))
    }
    parts += report.points.flatMap { dot($0, frame) }
    let open = SVGText.open(
      width: 460, height: 400, label: spoken(report), standsAlone: standsAlone)
    return open + Markup.joined(parts) + "\n</svg>"
  }

  /// Where rates fall in the plot.
  private struct Frame {
    /// Powers of ten on the horizontal axis, which ends at 1.
    var decades: Int
    /// The false non-match rates at the lower and the upper edge.
    var low: Double
    var high: Double

    func x(_ rate: Double) -> Double {
      let share = 1 + log10(rate) / Double(decades)
      return plot.x + plot.width * min(1, max(0, share))
    }

    func y(_ rate: Double) -> Double {
      let bottom = NormalDeviate.of(low)
      let top = NormalDeviate.of(high)
      let share = (NormalDeviate.of(rate) - bottom) / (top - bottom)
      return plot.y + plot.height * (1 - min(1, max(0, share)))
    }
  }

  private static func axes(_ frame: Frame) -> [Markup] {
    let floor = plot.y + plot.height
    var parts: [Markup] = []
    var rate = 1.0
    for decade in 0...frame.decades {
      let x = frame.x(rate)
      parts.append(SVGText.line(from: (x, plot.y), to: (x, floor), style: "grid"))
      let label = decade == 0 ? "1" : decade == 1 ? "0.1" : "1e-\(decade)"
      parts.append(
        SVGText.text(label, x: x, y: floor + 17, style: "muted small num", anchor: "middle"))
      rate /= 10
    }
    for tick in ticks where tick >= frame.low && tick <= frame.high {
      let y = frame.y(tick)
      parts.append(SVGText.line(from: (plot.x, y), to: (plot.x + plot.width, y), style: "grid"))
      parts.append(
        SVGText.text(
          Numeral.trimmed(Numeral.fixed(100 * tick, 1)) + " %", x: plot.x - 6, y: y + 4,
          style: "muted small num", anchor: "end"))
    }
    parts.append(
      SVGText.text(
        "false-match rate  (height: false non-match rate, normal deviate)",
        x: plot.midX, y: floor + 36, style: "muted small", anchor: "middle"))
    return parts
  }

  private static func line(_ curve: [CalibrationReport.Trade], _ frame: Frame) -> Markup {
    var path: Markup = ""
    for (place, trade) in curve.enumerated() {
      let x = frame.x(trade.falseMatchRate)
      let y = frame.y(trade.falseNonMatchRate)
      path += "\(place == 0 ? "M" : "L")\(at: x) \(at: y)"
    }
    return "<path class=\"genuine line\" d=\"\(path)\"/>"
  }

  private static func dot(_ point: CalibrationReport.Point, _ frame: Frame) -> [Markup] {
    guard let missed = point.falseNonMatchRate, missed > 0, missed < 1 else { return [] }
    let x = frame.x(point.falseMatchRate)
    let y = frame.y(missed)
    let style = point.isExtrapolated ? "q" : "mark"
    let note = point.isExtrapolated ? " extrapolated" : ""
    let label =
      "\(Numeral.rate(point.falseMatchRate)) ≥ \(Numeral.fixed(point.similarity, 3))\(note)"
    // A bound stands next to the measured point it follows, and is told in the table.
    guard point.method != "rule-of-three" else { return [] }
    return [
      """
      <circle class="impostor \(style)" cx="\(at: x)" cy="\(at: y)" r="4"/>
      """,
      SVGText.text(label, x: x + 8, y: y - 6, style: "small num halo"),
    ]
  }

  private static func spoken(_ report: CalibrationReport) -> String {
    let points = report.points.compactMap { point -> String? in
      guard let missed = point.falseNonMatchRate else { return nil }
      let note = point.isExtrapolated ? " (extrapolated)" : ""
      return "false-match rate \(Numeral.rate(point.falseMatchRate))\(note): "
        + "\(Numeral.percent(missed, decimals: 1)) of genuine pairs missed"
    }
    return "Detection error trade-off of space \(report.space). " + points.joined(separator: "; ")
  }
}
