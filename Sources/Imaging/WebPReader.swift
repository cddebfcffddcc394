import CWebP
import Domain

/// Still WebP pictures, lossy or lossless, with or without alpha, by libwebp.
///
/// Unsafe use here is confined to pointers that live inside one closure: the file's bytes, which
/// libwebp only reads, and a pixel buffer whose size and stride are handed over with it and
/// checked by libwebp before it writes.
enum WebPReader {
  static func read(
    _ bytes: [UInt8], limits: DecodeLimits
  ) throws(ImagingError) -> StoredPicture {
    let features = try features(of: bytes)
    let (width, height) = (Int(features.width), Int(features.height))
    try limits.check(width: width, height: height, of: .webp)
    guard features.has_animation == 0 else { throw .unsupported("an animated WebP picture") }
    let chunks = WebPChunks(bytes)
    guard chunks.end <= bytes.count else {
      throw .truncated(.webp, "\(bytes.count) of \(chunks.end) bytes")
    }
    let hasAlpha = features.has_alpha != 0
    let pixels = try pixels(of: bytes, width: width, height: height, hasAlpha: hasAlpha)
    var notes: [DecodeNote] = []
    var picture: Picture
    if hasAlpha {
      let flat = Picture.overWhite(rgba: pixels, width: width, height: height)
      picture = flat.picture
      if !flat.isOpaque { notes.append(.alphaFlattened) }
    } else {
      picture = Picture(width: width, height: height, pixels: pixels)
    }
    if chunks.end < bytes.count { notes.append(.extraData) }
    return StoredPicture(picture: picture, orientation: chunks.orientation, notes: notes)
  }

  private static func features(
    of bytes: [UInt8]
  ) throws(ImagingError) -> WebPBitstreamFeatures {
    var features = WebPBitstreamFeatures()
    let status = unsafe bytes.withUnsafeBufferPointer { file in
      unsafe WebPGetFeatures(file.baseAddress, file.count, &features)
    }
    guard status == VP8_STATUS_OK else { throw failure(status) }
    return features
  }

  private static func pixels(
    of bytes: [UInt8], width: Int, height: Int, hasAlpha: Bool
  ) throws(ImagingError) -> [UInt8] {
    let channels = hasAlpha ? 4 : 3
    let size = channels * width * height
    var status = VP8_STATUS_OUT_OF_MEMORY
    let pixels = unsafe bytes.withUnsafeBufferPointer { file in
      unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        var config = unsafe WebPDecoderConfig()
        guard unsafe WebPInitDecoderConfig(&config) != 0 else { return }
        unsafe config.output.colorspace = hasAlpha ? MODE_RGBA : MODE_RGB
        unsafe config.output.is_external_memory = 1
        unsafe config.output.u.RGBA.rgba = buffer.baseAddress
        unsafe config.output.u.RGBA.stride = Int32(channels * width)
        unsafe config.output.u.RGBA.size = size
        status = unsafe WebPDecode(file.baseAddress, file.count, &config)
        unsafe WebPFreeDecBuffer(&config.output)
        count = status == VP8_STATUS_OK ? size : 0
      }
    }
    guard status == VP8_STATUS_OK else { throw failure(status) }
    return pixels
  }

  private static func failure(_ status: VP8StatusCode) -> ImagingError {
    switch status {
    case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED:
      .truncated(.webp, "libwebp wants more data")
    case VP8_STATUS_UNSUPPORTED_FEATURE: .unsupported("this kind of WebP picture")
    default: .damaged(.webp, "libwebp status \(status.rawValue)")
    }
  }
}
