/// Quotas as bars, one identity per row: what it had, what was accepted, what is missing.
public enum SVGBars {
  /// SVG 1.1 text of 640 units width that grows with the rows, in the order given. No rows give a
  /// figure that says so.
  public static func render(_ rows: [QuotaRow], title: String) -> String {
    drawing(rows, title: title, standsAlone: true).text + "\n"
  }

  static func drawing(_ rows: [QuotaRow], title: String, standsAlone: Bool) -> Markup {
    let plot = Box(x: 150, y: 84, width: 380, height: max(24, 20 * Double(rows.count)))
    let longest = rows.map { max($0.wanted, $0.had + $0.accepted + $0.shortfall) }.max() ?? 0
    let axis = Axis.fromZero(holding: Double(max(1, longest)), count: 5)
    var parts = [SVGText.text(SVGText.clipped(title, to: 72), x: 16, y: 24, style: "title")]
    parts += legend()
    parts += grid(axis, in: plot)
    for (row, quota) in rows.enumerated() {
      parts += bar(quota, y: plot.y + 20 * Double(row), axis: axis, in: plot)
    }
    if rows.isEmpty {
      parts.append(SVGText.text("No quotas", x: plot.midX, y: plot.midY, style: "muted"))
    }
    let missing = rows.reduce(0) { $0 + $1.shortfall }
    let spoken =
      "\(title). \(Numeral.counted(rows.count, "identity", "identities")), "
      + "\(Numeral.counted(missing, "image", "images")) missing"
    let open = SVGText.open(
      width: 640, height: plot.y + plot.height + 16, label: spoken, standsAlone: standsAlone)
    return open + Markup.joined(parts) + "\n</svg>"
  }

  private static func legend() -> [Markup] {
    let entries = [("digital mark", "had"), ("generated mark", "accepted"), ("missing", "missing")]
    var parts: [Markup] = []
    for (place, entry) in entries.enumerated() {
      let x = 16 + 92 * Double(place)
      parts.append(
        """
        <rect class="\(entry.0)" x="\(at: x)" y="36" width="12" height="10" rx="2"/>
        """)
      parts.append(SVGText.text(entry.1, x: x + 18, y: 45, style: "small"))
    }
    parts.append(
      """
      <path d="M296 35v12" stroke="currentColor" stroke-width="2"/>
      """)
    parts.append(SVGText.text("wanted", x: 304, y: 45, style: "small"))
    return parts
  }

  private static func grid(_ axis: Axis, in plot: Box) -> [Markup] {
    var parts: [Markup] = []
    for tick in axis.ticks {
      let x = plot.x + plot.width * axis.share(tick)
      parts.append(
        SVGText.line(from: (x, plot.y - 6), to: (x, plot.y + plot.height), style: "grid"))
      parts.append(
        SVGText.text(
          axis.label(tick), x: x, y: plot.y - 12, style: "muted small num", anchor: "middle"))
    }
    parts.append(SVGText.text("images", x: 544, y: plot.y - 12, style: "muted small"))
    return parts
  }

  private static func bar(
    _ quota: QuotaRow, y: Double, axis: Axis, in plot: Box
  ) -> [Markup] {
    let unit = plot.width / axis.upper
    var x = plot.x
    var parts = [
      SVGText.text(
        SVGText.clipped(quota.identity, to: 20), x: plot.x - 10, y: y + 14, style: "small",
        anchor: "end")
    ]
    let pieces = [
      (quota.had, "digital mark"), (quota.accepted, "generated mark"), (quota.shortfall, "missing"),
    ]
    for (count, style) in pieces where count > 0 {
      parts.append(
        """
        <rect class="\(style)" x="\(at: x)" y="\(at: y + 4)" width="\(at: unit * Double(count))" \
        height="12"/>
        """)
      x += unit * Double(count)
    }
    let goal = plot.x + unit * Double(quota.wanted)
    parts.append(
      """
      <path d="M\(at: goal) \(at: y + 1)v18" stroke="currentColor" stroke-width="2"/>
      """)
    let numbers = "\(quota.had) + \(quota.accepted) of \(quota.wanted)"
    parts.append(SVGText.text(numbers, x: 544, y: y + 14, style: "small num"))
    return parts
  }
}
