import CTurboJPEG
import Domain

/// JPEG by TurboJPEG, which catches libjpeg's jumps and reports errors by return value.
enum JPEGReader {
  static func read(
    _ bytes: [UInt8], limits: DecodeLimits
  ) throws(ImagingError) -> StoredPicture {
    let segments = JPEGSegments(bytes)
    guard let frame = segments.frame else { throw .truncated(.jpeg, "no frame header") }
    try limits.check(width: frame.width, height: frame.height, of: .jpeg)
    guard frame.precision == 8 else {
      throw .unsupported("a JPEG picture with \(frame.precision) bits per sample")
    }
    guard [1, 3, 4].contains(frame.components) else {
      throw .unsupported("a JPEG picture with \(frame.components) colour components")
    }
    let decompressor = try JPEGDecompressor()
    var notes: [DecodeNote] = []
    if frame.components == 1 { notes.append(.greyToRGB) }
    if frame.components == 4 { notes.append(.cmykConverted) }
    var pixels = try decompressor.pixels(of: bytes, frame: frame)
    if frame.components == 4 { pixels = rgb(fromInvertedCMYK: pixels) }
    if let end = segments.end, end < bytes.count { notes.append(.extraData) }
    let picture = Picture(width: frame.width, height: frame.height, pixels: pixels)
    return StoredPicture(picture: picture, orientation: segments.orientation, notes: notes)
  }

  /// CMYK JPEG files hold inverted inks (Adobe's convention, which Pillow assumes for all of
  /// them): red = k - k * (255 - c) / 255, and so on, the division rounded.
  private static func rgb(fromInvertedCMYK cmyk: [UInt8]) -> [UInt8] {
    var rgb: [UInt8] = []
    rgb.reserveCapacity(cmyk.count / 4 * 3)
    for pixel in stride(from: 0, to: cmyk.count, by: 4) {
      let key = Int(cmyk[pixel + 3])
      for channel in 0..<3 {
        let product = (255 - Int(cmyk[pixel + channel])) * key + 128
        rgb.append(UInt8(key - ((product >> 8) + product) >> 8))
      }
    }
    return rgb
  }
}

/// Owns a TurboJPEG handle; freed on `deinit`, never shared.
///
/// Unsafe use here is confined to pointers that live inside one closure: the file's bytes, which
/// the library only reads, and a pixel buffer sized for the width, height and format passed along
/// with it, beyond which TurboJPEG does not write.
@safe private final class JPEGDecompressor {
  private let handle: tjhandle

  init() throws(ImagingError) {
    guard let handle = unsafe tjInitDecompress() else {
      throw ImagingError(.damaged, "no memory for a JPEG decoder")
    }
    unsafe self.handle = handle
  }

  deinit { unsafe tjDestroy(handle) }

  /// RGB bytes, or for four components CMYK bytes as stored.
  func pixels(
    of bytes: [UInt8], frame: JPEGSegments.Frame
  ) throws(ImagingError) -> [UInt8] {
    let format = frame.components == 4 ? TJPF_CMYK : TJPF_RGB
    let size = frame.width * frame.height * (frame.components == 4 ? 4 : 3)
    // More than 500 scans is an attack on time; the library then stops.
    let flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
    var isRead = false
    let pixels = unsafe bytes.withUnsafeBufferPointer { file in
      unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        guard unsafe agreesWithLibrary(file, frame: frame) else { return }
        let status = unsafe tjDecompress2(
          handle, file.baseAddress, UInt(file.count), buffer.baseAddress, Int32(frame.width), 0,
          Int32(frame.height), Int32(format.rawValue), flags)
        isRead = status == 0
        count = isRead ? size : 0
      }
    }
    guard isRead else { throw failure() }
    return pixels
  }

  /// The library fills the sizes in even where it cannot name the chroma layout, which it needs
  /// only for planar output.
  private func agreesWithLibrary(
    _ file: UnsafeBufferPointer<UInt8>, frame: JPEGSegments.Frame
  ) -> Bool {
    var (width, height, subsampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(0))
    _ = unsafe tjDecompressHeader3(
      handle, file.baseAddress, UInt(file.count), &width, &height, &subsampling, &colours)
    return Int(width) == frame.width && Int(height) == frame.height
  }

  private func failure() -> ImagingError {
    let text = unsafe String(cString: tjGetErrorStr2(handle))
    if text.contains("Premature end") { return .truncated(.jpeg, text) }
    if text.contains("nsupported") || text.contains("not implemented") {
      return .unsupported("this kind of JPEG picture (\(text))")
    }
    return .damaged(.jpeg, text)
  }
}
