/// Distributions over one axis as a drawing.
public enum SVGHistogram {
  /// SVG 1.1 text of 460 units width. Every series is drawn as the share of its own counts per bin;
  /// the legend states how many there are. A series without counts appears in the legend only.
  public static func render(_ histogram: Histogram) -> String {
    drawing(histogram, standsAlone: true).text + "\n"
  }

  static func drawing(_ histogram: Histogram, standsAlone: Bool) -> Markup {
    let legend = legendRows(histogram.series)
    let top = 44 + 16 * Double(legend.count) + 15 * Double(max(0, histogram.thresholds.count))
    let plot = Box(x: 46, y: top, width: 396, height: 150)
    let x = Axis(lower: histogram.lower, upper: histogram.upper, count: 6)
    let peak = histogram.series.compactMap { shares($0).max() }.max() ?? 0
    let y = Axis.fromZero(holding: 100 * peak, count: 3)
    var parts = [
      SVGText.text(SVGText.clipped(histogram.title, to: 52), x: 16, y: 24, style: "title")
    ]
    parts += self.legend(legend)
    parts += axes(histogram, x: x, y: y, in: plot)
    for series in histogram.series.reversed() { parts += curve(series, y: y, in: plot) }
    parts += thresholds(histogram, x: x, in: plot)
    let open = SVGText.open(
      width: 460, height: top + 206, label: spoken(histogram), standsAlone: standsAlone)
    return open + Markup.joined(parts) + "\n</svg>"
  }

  /// The share of a series in each bin; empty where it has no counts.
  private static func shares(_ series: HistogramSeries) -> [Double] {
    let total = Double(series.total)
    return total > 0 ? series.counts.map { Double($0) / total } : []
  }

  private static func axes(_ histogram: Histogram, x: Axis, y: Axis, in plot: Box) -> [Markup] {
    let floor = plot.y + plot.height
    var parts: [Markup] = []
    for tick in y.ticks {
      let level = floor - plot.height * y.share(tick)
      parts.append(
        SVGText.line(from: (plot.x, level), to: (plot.x + plot.width, level), style: "grid"))
      parts.append(
        SVGText.text(
          y.label(tick) + " %", x: plot.x - 6, y: level + 4, style: "muted small num", anchor: "end"
        ))
    }
    for tick in x.ticks {
      let place = plot.x + plot.width * x.share(tick)
      parts.append(SVGText.line(from: (place, floor), to: (place, floor + 4), style: "grid"))
      parts.append(
        SVGText.text(
          x.label(tick), x: place, y: floor + 17, style: "muted small num", anchor: "middle"))
    }
    let caption = "\(histogram.axis)  (height: share of \(histogram.unit) per bin)"
    parts.append(
      SVGText.text(caption, x: plot.midX, y: floor + 36, style: "muted small", anchor: "middle"))
    return parts
  }

  private static func curve(_ series: HistogramSeries, y: Axis, in plot: Box) -> [Markup] {
    let shares = shares(series)
    guard !shares.isEmpty else { return [] }
    let floor = plot.y + plot.height
    let step = plot.width / Double(shares.count)
    var path: Markup = "M\(at: plot.x) \(at: floor)"
    for (bin, share) in shares.enumerated() {
      let level = floor - plot.height * y.share(100 * share)
      path += "V\(at: level)H\(at: plot.x + step * Double(bin + 1))"
    }
    path += "V\(at: floor)"
    let line = "\(series.role.styleClass) line" + (series.role == .leakCandidate ? " dashed" : "")
    return [
      """
      <path class="\(series.role.styleClass) area" d="\(path)z"/>
      """,
      """
      <path class="\(line)" d="\(path)"/>
      """,
    ]
  }

  /// Upright lines with their labels stacked above the plot, so that near thresholds stay readable.
  private static func thresholds(_ histogram: Histogram, x: Axis, in plot: Box) -> [Markup] {
    var parts: [Markup] = []
    let inside = histogram.thresholds.filter { $0.value >= x.lower && $0.value <= x.upper }
    for (row, mark) in inside.sorted(by: { $0.value < $1.value }).enumerated() {
      let place = plot.x + plot.width * x.share(mark.value)
      let level = plot.y - 15 * Double(inside.count - row) + 3
      let isRight = place > plot.midX
      parts.append(
        SVGText.line(
          from: (place, level - 5), to: (place, plot.y + plot.height), style: "line dashed"))
      parts.append(
        SVGText.text(
          label(mark), x: place + (isRight ? -6 : 6), y: level + 3, style: "small num halo",
          anchor: isRight ? "end" : "start"))
    }
    return parts
  }

  static func label(_ mark: ThresholdMark) -> String {
    let rate = mark.falseMatchRate.map { " · FMR \(Numeral.rate($0))" } ?? ""
    return "\(SVGText.clipped(mark.label, to: 28)) ≥ \(Numeral.fixed(mark.value, 3))\(rate)"
  }

  private static func spoken(_ histogram: Histogram) -> String {
    let series = histogram.series.map {
      "\($0.name), \(Numeral.grouped($0.total)) \(histogram.unit)"
    }
    let marks = histogram.thresholds.map { "threshold \(label($0))" }
    return "\(histogram.title). Histogram over \(histogram.axis): "
      + (series + marks).joined(separator: "; ")
  }
}
