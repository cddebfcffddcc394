import CPNG

/// PNG by libpng's simplified interface.
///
/// Unsafe use here is confined to pointers that live inside one closure: pixels that libpng only
/// reads, sized for the width, height and format passed along, and an output buffer whose size
/// libpng is told and keeps to.
enum PNGWriter {
  static func write(
    _ samples: [UInt8], width: Int, height: Int, isGrey: Bool,
    compression: PictureEncoder.PNGCompression
  ) throws(ImagingError) -> [UInt8] {
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    unsafe image.width = png_uint_32(width)
    unsafe image.height = png_uint_32(height)
    unsafe image.format = isGrey ? 0 : PNG_FORMAT_FLAG_COLOR
    unsafe image.flags = compression == .fast ? png_uint_32(PNG_IMAGE_FLAG_FAST) : 0
    let capacity = bound(onBytes: samples.count, rows: height)
    var isWritten = false
    let bytes = unsafe samples.withUnsafeBytes { pixels in
      unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        var size = capacity
        isWritten =
          unsafe png_image_write_to_memory(
            &image, buffer.baseAddress, &size, 0, pixels.baseAddress, 0, nil) != 0
        count = isWritten ? size : 0
      }
    }
    let message = unsafe withUnsafeBytes(of: image.message) { text in
      unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
    unsafe png_image_free(&image)
    guard isWritten else { throw .notEncoded(.png, message) }
    return bytes
  }

  /// The most bytes a PNG of this much data can take: zlib's bound on stored blocks, 12 bytes of
  /// chunk for every 8 KiB, and room for the small chunks.
  private static func bound(onBytes count: Int, rows: Int) -> Int {
    let raw = count + rows
    let deflated = raw + (raw + 7) / 8 + (raw + 63) / 64 + 11
    return deflated + 12 * (deflated / 8192 + 1) + 1024
  }
}
