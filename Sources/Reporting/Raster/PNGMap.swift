import Imaging

/// The map as a raster picture, for slides, papers and places that show no SVG.
public enum PNGMap {
  /// A PNG file of the map, drawn as `picture` draws it.
  /// Throws what the PNG encoder throws.
  public static func render(
    _ report: MapReport, width: Int = 1600, height: Int = 1200
  ) throws -> [UInt8] {
    try PictureEncoder.png(picture(report, width: width, height: height), compression: .small)
  }
}
