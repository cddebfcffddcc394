import CTurboJPEG
import Domain

/// Baseline JPEG by TurboJPEG.
///
/// Unsafe use here is confined to one function: pixels that the library only reads, sized for the
/// sides passed along, and an output buffer that the library allocates and this file frees.
enum JPEGWriter {
  static func write(
    _ picture: Picture, quality: Int, subsampling: PictureEncoder.ChromaSubsampling
  ) throws(ImagingError) -> [UInt8] {
    guard picture.width <= 65_500, picture.height <= 65_500 else {
      throw .notEncoded(.jpeg, "\(picture.width)x\(picture.height) exceeds 65500 pixels")
    }
    guard let handle = unsafe tjInitCompress() else { throw .notEncoded(.jpeg, "no memory") }
    defer { unsafe tjDestroy(handle) }
    var output: UnsafeMutablePointer<UInt8>?
    var size: UInt = 0
    let layout =
      switch subsampling {
      case .none: TJSAMP_444
      case .horizontal: TJSAMP_422
      case .both: TJSAMP_420
      }
    let status = unsafe picture.pixels.withUnsafeBufferPointer { pixels in
      unsafe tjCompress2(
        handle, pixels.baseAddress, Int32(picture.width), 0, Int32(picture.height),
        Int32(TJPF_RGB.rawValue), &output, &size, Int32(layout.rawValue), Int32(quality),
        TJFLAG_ACCURATEDCT)
    }
    defer { unsafe tjFree(output) }
    guard status == 0, let output = unsafe output else {
      throw unsafe .notEncoded(.jpeg, String(cString: tjGetErrorStr2(handle)))
    }
    return unsafe Array(UnsafeBufferPointer(start: output, count: Int(size)))
  }
}
