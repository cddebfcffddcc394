/// Small pieces shared by the SVG figures.
enum SVGText {
  /// Width of `text` in the figures' sans-serif, estimated from an average character.
  static func width(_ text: String, size: Double) -> Double {
    0.56 * size * Double(text.count)
  }

  /// `text` cut to at most `limit` characters, an ellipsis marking the cut.
  static func clipped(_ text: String, to limit: Int) -> String {
    text.count <= limit ? text : text.prefix(limit - 1) + "…"
  }

  /// The opening of a figure: its size, its name for screen readers, its style where it stands alone.
  static func open(
    width: Double, height: Double, label: String, standsAlone: Bool
  ) -> Markup {
    let size: Markup = "viewBox=\"0 0 \(at: width) \(at: height)\""
    let fixed: Markup = standsAlone ? " width=\"\(at: width)\" height=\"\(at: height)\"" : ""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="chart" \(size)\(fixed) role="img" \
      aria-label="\(label)">
      \(standsAlone ? ChartStyle.element + "\n" : .empty)\
      \(standsAlone ? "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n" : .empty)
      """
  }

  static func text(
    _ content: String, x: Double, y: Double, style: String = "", anchor: String = "start"
  ) -> Markup {
    """
    <text x="\(at: x)" y="\(at: y)" class="\(style)" text-anchor="\(anchor)">\(content)</text>
    """
  }

  static func line(
    from: (x: Double, y: Double), to: (x: Double, y: Double), style: String
  ) -> Markup {
    """
    <path class="\(style)" d="M\(at: from.x) \(at: from.y)L\(at: to.x) \(at: to.y)"/>
    """
  }
}
