import CWebP
import Domain

/// WebP by libwebp's one-call encoders.
///
/// Unsafe use here is confined to one function: pixels that the library only reads, sized for the
/// sides and stride passed along, and an output buffer that the library allocates and this file
/// frees.
enum WebPWriter {
  static func write(_ picture: Picture, quality: Int?) throws(ImagingError) -> [UInt8] {
    var output: UnsafeMutablePointer<UInt8>?
    let (width, height) = (picture.width, picture.height)
    guard width <= WEBP_MAX_DIMENSION, height <= WEBP_MAX_DIMENSION else {
      throw .notEncoded(.webp, "\(width)x\(height) exceeds \(WEBP_MAX_DIMENSION) pixels")
    }
    let size = unsafe picture.pixels.withUnsafeBufferPointer { pixels in
      let stride = Int32(3 * width)
      guard let quality else {
        return unsafe WebPEncodeLosslessRGB(
          pixels.baseAddress, Int32(width), Int32(height), stride, &output)
      }
      return unsafe WebPEncodeRGB(
        pixels.baseAddress, Int32(width), Int32(height), stride, Float(quality), &output)
    }
    defer { unsafe WebPFree(output) }
    guard size > 0, let output = unsafe output else {
      throw .notEncoded(.webp, "libwebp gave no bytes")
    }
    return unsafe Array(UnsafeBufferPointer(start: output, count: size))
  }
}
