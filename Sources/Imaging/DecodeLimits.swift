/// How large a picture may be. Checked against the file's length and its header before memory is
/// taken for the pixels, so that a small file claiming huge sides costs nothing.
public struct DecodeLimits: Equatable, Sendable {
  /// Most pixels, width times height.
  public var maximumPixels: Int
  /// Most bytes of the encoded file.
  public var maximumBytes: Int

  public init(maximumPixels: Int, maximumBytes: Int) {
    self.maximumPixels = maximumPixels
    self.maximumBytes = maximumBytes
  }

  /// 64 million pixels in at most 256 MiB.
  public static let standard = DecodeLimits(
    maximumPixels: 64_000_000, maximumBytes: 256 * 1024 * 1024)

  func check(byteCount: Int) throws(ImagingError) {
    guard byteCount <= maximumBytes else {
      throw ImagingError(
        .tooLarge, "the file has \(byteCount) bytes, more than the \(maximumBytes) allowed",
        hint: "make the picture smaller")
    }
  }

  func check(width: Int, height: Int, of format: PictureFormat) throws(ImagingError) {
    guard width > 0, height > 0 else {
      throw .damaged(format, "its header says \(width)x\(height) pixels")
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= maximumPixels else {
      throw ImagingError(
        .tooLarge,
        "the \(format.displayName) picture has \(width)x\(height) pixels, more than the "
          + "\(maximumPixels) allowed", hint: "make the picture smaller")
    }
  }
}
