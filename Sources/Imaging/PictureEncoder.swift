public import Domain

/// Writes pictures to bytes. Equal pictures and options give equal bytes with one version of the
/// C libraries; nothing depends on time, place or thread.
public enum PictureEncoder {
  /// How hard PNG tries: both are lossless.
  public enum PNGCompression: Sendable {
    /// No row filters, light deflate: for working files and pages.
    case fast
    /// libpng's default: for files that are kept.
    case small
  }

  /// How JPEG stores colour.
  public enum ChromaSubsampling: Sendable {
    /// Colour at full size.
    case none
    /// Colour at half width.
    case horizontal
    /// Colour at half width and height, the usual choice.
    case both
  }

  /// `picture` as an 8-bit RGB PNG, marked sRGB.
  public static func png(
    _ picture: Picture, compression: PNGCompression = .fast
  ) throws(ImagingError) -> [UInt8] {
    try PNGWriter.write(
      picture.pixels, width: picture.width, height: picture.height, isGrey: false,
      compression: compression)
  }

  /// One byte per pixel, row-major, as an 8-bit grey PNG.
  /// - Precondition: `grey.count == width * height` and both sides are positive.
  public static func png(
    grey: [UInt8], width: Int, height: Int, compression: PNGCompression = .fast
  ) throws(ImagingError) -> [UInt8] {
    precondition(width > 0 && height > 0 && grey.count == width * height)
    return try PNGWriter.write(
      grey, width: width, height: height, isGrey: true, compression: compression)
  }

  /// `picture` as a baseline JPEG.
  /// - Precondition: `quality` is in 1...100 and no side exceeds 65,500 pixels.
  public static func jpeg(
    _ picture: Picture, quality: Int = 95, subsampling: ChromaSubsampling = .both
  ) throws(ImagingError) -> [UInt8] {
    precondition((1...100).contains(quality))
    return try JPEGWriter.write(picture, quality: quality, subsampling: subsampling)
  }

  /// `picture` as WebP: lossy with `quality` in 1...100, lossless without.
  /// Sides above 16,383 pixels cannot be stored and throw.
  public static func webp(
    _ picture: Picture, quality: Int? = nil
  ) throws(ImagingError) -> [UInt8] {
    precondition(quality.map((1...100).contains) ?? true)
    return try WebPWriter.write(picture, quality: quality)
  }
}
