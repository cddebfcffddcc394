import CPNG
import Domain

/// PNG by libpng's simplified interface, which reports errors by return value and never jumps.
///
/// Unsafe use here is confined to pointers that live inside one closure: the file's bytes, which
/// libpng only reads, and a pixel buffer of exactly the size that `row_stride` 0 implies for the
/// size and format the same `png_image` reports.
enum PNGReader {
  static func read(
    _ bytes: [UInt8], limits: DecodeLimits
  ) throws(ImagingError) -> StoredPicture {
    guard let chunks = PNGChunks(bytes) else {
      throw bytes.count < 33 ? .truncated(.png, "no header") : .damaged(.png, "no IHDR chunk")
    }
    try limits.check(width: chunks.width, height: chunks.height, of: .png)
    guard let end = chunks.end else { throw .truncated(.png, "no IEND chunk") }
    var source = bytes
    if let gamma = chunks.foreignGamma { source.removeSubrange(gamma) }

    var notes: [DecodeNote] = []
    if chunks.bitDepth == 16 { notes.append(.reducedFrom16Bit) }
    if chunks.isGrey { notes.append(.greyToRGB) }
    let image = PNGImage()
    let (pixels, hasAlpha) = try image.pixels(of: source, chunks: chunks)
    var picture: Picture
    if hasAlpha {
      let flat = Picture.overWhite(rgba: pixels, width: chunks.width, height: chunks.height)
      picture = flat.picture
      if !flat.isOpaque { notes.append(.alphaFlattened) }
    } else {
      picture = Picture(width: chunks.width, height: chunks.height, pixels: pixels)
    }
    if end < bytes.count { notes.append(.extraData) }
    return StoredPicture(picture: picture, orientation: chunks.orientation, notes: notes)
  }
}

/// Owns libpng's reading state; freed on `deinit`, never shared.
@safe private final class PNGImage {
  private var image = unsafe png_image()

  deinit { unsafe png_image_free(&image) }

  func pixels(
    of bytes: [UInt8], chunks: PNGChunks
  ) throws(ImagingError) -> (pixels: [UInt8], hasAlpha: Bool) {
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    var hasAlpha = false
    let pixels: [UInt8]? = unsafe bytes.withUnsafeBytes { file in
      guard unsafe png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0,
        unsafe Int(image.width) == chunks.width, unsafe Int(image.height) == chunks.height
      else { return nil }
      hasAlpha = unsafe image.format & PNG_FORMAT_FLAG_ALPHA != 0
      unsafe image.format = PNG_FORMAT_FLAG_COLOR | (hasAlpha ? PNG_FORMAT_FLAG_ALPHA : 0)
      unsafe image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      let size = chunks.width * chunks.height * (hasAlpha ? 4 : 3)
      var isRead = false
      let buffer = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        isRead = unsafe png_image_finish_read(&image, nil, buffer.baseAddress, 0, nil) != 0
        count = isRead ? size : 0
      }
      return isRead ? buffer : nil
    }
    guard let pixels else { throw .damaged(.png, message) }
    return (pixels, hasAlpha)
  }

  private var message: String {
    unsafe withUnsafeBytes(of: image.message) { text in
      unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
