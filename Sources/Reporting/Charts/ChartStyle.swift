/// The style sheet of every SVG figure: inside the figure when it is a file of its own, once per
/// page when it is part of one. Follows the reader's light or dark setting.
enum ChartStyle {
  static let css: String = {
    let light = colours(\.light)
    let dark = colours(\.dark)
    return """
      .chart{font:12px system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif}
      .chart .area{fill:currentColor;fill-opacity:.17;stroke:none}
      .chart .line{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round}
      .chart .mark{fill:currentColor}
      .chart .dot{fill:currentColor;fill-opacity:.72}
      .chart .q{fill:none;stroke:currentColor;stroke-width:1.3}
      .chart .old{opacity:.3}
      .chart .dashed{stroke-dasharray:5 3}
      .chart .title{font-size:15px;font-weight:650}
      .chart .small{font-size:11px}
      .chart .num{font-variant-numeric:tabular-nums}
      .chart .halo{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}
      \(light)
      @media (prefers-color-scheme:dark){
      \(dark)
      }
      @media print{
      \(light)
      }
      """
  }()

  /// The same as an element, for a figure that stands alone.
  static let element = Markup(verbatim: "<style>\n\(css)\n</style>")

  private static func colours(_ side: KeyPath<Palette.Tone, UInt32>) -> String {
    func hex(_ tone: Palette.Tone) -> String { Palette.hex(tone[keyPath: side]) }
    let ground = hex(Palette.ground)
    let rule = hex(Palette.rule)
    var lines = [
      ".chart{color:\(hex(Palette.ink))}",
      ".chart text{fill:\(hex(Palette.ink))}",
      ".chart .muted{fill:\(hex(Palette.muted))}",
      ".chart .ground{fill:\(ground)}",
      ".chart .frame{fill:none;stroke:\(rule)}",
      ".chart .grid{stroke:\(rule);stroke-width:1}",
      ".chart .halo{stroke:\(ground)}",
      ".chart .missing{fill:none;stroke:\(hex(Palette.muted));stroke-dasharray:3 2}",
    ]
    lines += Palette.tones.map { ".chart .\($0.name){color:\(hex($0.tone))}" }
    return lines.joined(separator: "\n")
  }
}
