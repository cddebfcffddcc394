import Domain
import Imaging

/// Contact sheets as one raster picture: a row per identity with its prototype, its neighbours, and
/// what was accepted and rejected, on light ground.
public enum PNGSheet {
  /// Rows of the picture; the page has more.
  public static let mostRows = 24
  /// Frames of each kind in a row.
  static let columns = [1, 3, 8, 4]
  static let titles = ["prototype", "nearest other identities", "accepted", "rejected"]
  /// All in pixels.
  static let side = 96
  static let gap = 8
  static let groupGap = 28
  static let margin = 32
  static let rowHeight = 156

  /// A PNG file. Throws what the PNG encoder throws.
  public static func render(_ report: QuotaReport) throws -> [UInt8] {
    try PictureEncoder.png(picture(report), compression: .small)
  }

  static func picture(_ report: QuotaReport) -> Picture {
    let sheets = report.sheets.prefix(mostRows)
    let frames = columns.reduce(0, +)
    let width = 2 * margin + frames * (side + gap) + (columns.count - 1) * groupGap
    var raster = Raster(
      width: width, height: 2 * margin + 60 + rowHeight * max(1, sheets.count),
      ground: Palette.ground.light)
    raster.write(
      "\(report.workspace): contact sheets", at: (Double(margin), Double(margin + 12)),
      lettering(24))
    if sheets.isEmpty {
      raster.write("none", at: (Double(margin), Double(margin + 80)), lettering(16, Palette.muted))
    }
    for (row, sheet) in sheets.enumerated() {
      draw(sheet, top: margin + 44 + row * rowHeight, on: &raster, heads: row == 0)
    }
    return raster.picture
  }

  private static func draw(_ sheet: IdentitySheet, top: Int, on raster: inout Raster, heads: Bool) {
    let quota = sheet.quota
    let title =
      "\(SVGText.clipped(quota.identity, to: 40))  \(quota.had) + \(quota.accepted) of \(quota.wanted)"
    raster.write(title, at: (Double(margin), Double(top + 12)), lettering(15))
    var x = margin
    let groups = [sheet.prototype, sheet.neighbours, sheet.accepted, sheet.rejected]
    for (place, group) in groups.enumerated() {
      if heads && place > 1 {
        raster.write(
          titles[place], at: (Double(x), Double(top + 12)), lettering(14, Palette.muted))
      }
      for (column, frame) in group.prefix(columns[place]).enumerated() {
        draw(frame, x: x + column * (side + gap), y: top + 22, on: &raster)
      }
      x += columns[place] * (side + gap) + groupGap
    }
  }

  private static func draw(
    _ frame: IdentitySheet.Frame, x: Int, y: Int, on raster: inout Raster
  ) {
    if let tile = frame.tile, let decoded = try? PictureDecoder.decode(tile.image.bytes) {
      let picture = decoded.picture
      let scale = Double(side) / Double(max(picture.width, picture.height))
      let fitted = Resampling.resized(
        picture, to: max(1, Int(Double(picture.width) * scale)),
        max(1, Int(Double(picture.height) * scale)), filter: .bicubic)
      raster.put(fitted, x: x, y: y)
    } else {
      let box = Box(x: Double(x), y: Double(y), width: Double(side), height: Double(side))
      raster.frame(box, corner: 5, width: 1.2, .init(colour: Palette.rule.light))
      let words = frame.instead.prefix { $0 != ":" && $0 != "," }
      raster.write(
        SVGText.clipped(String(words), to: 16),
        at: (Double(x + side / 2), Double(y + side / 2 + 4)),
        lettering(11, Palette.muted, .middle))
    }
    raster.write(
      SVGText.clipped(frame.caption, to: 17), at: (Double(x), Double(y + side + 14)),
      lettering(11, Palette.muted))
  }

  private static func lettering(
    _ size: Double, _ tone: Palette.Tone = Palette.ink, _ anchor: Raster.Anchor = .start
  ) -> Raster.Lettering {
    Raster.Lettering(
      size: size, weight: max(1, size * 0.085), paint: .init(colour: tone.light), anchor: anchor)
  }
}
