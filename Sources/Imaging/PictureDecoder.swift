import Domain

/// Reads PNG, JPEG and WebP files that may come from anywhere. Arbitrary bytes give a picture or
/// an `ImagingError`, never a crash. Pure, deterministic, safe from several threads.
public enum PictureDecoder {
  /// The format by the file's first bytes, or nil where it is none that can be read here.
  public static func sniff(_ bytes: [UInt8]) -> PictureFormat? { Magic.format(of: bytes) }

  /// The picture in `bytes`, upright, as 8-bit RGB. The format is told by the first bytes alone.
  ///
  /// Sample values are taken as stored: gamma and colour profiles are ignored, as most training
  /// pipelines do. Animated WebP is refused. A JPEG about which the library so much as warns is
  /// refused: its picture would be partly grey.
  public static func decode(
    _ bytes: [UInt8], limits: DecodeLimits = .standard
  ) throws(ImagingError) -> DecodedPicture {
    guard !bytes.isEmpty else { throw ImagingError(.empty, "the file is empty") }
    try limits.check(byteCount: bytes.count)
    guard let format = sniff(bytes) else { throw refusal(of: bytes) }
    let stored =
      switch format {
      case .png: try PNGReader.read(bytes, limits: limits)
      case .jpeg: try JPEGReader.read(bytes, limits: limits)
      case .webp: try WebPReader.read(bytes, limits: limits)
      }
    return upright(stored, format: format)
  }

  private static func upright(_ stored: StoredPicture, format: PictureFormat) -> DecodedPicture {
    var notes = stored.notes
    if stored.orientation != 1 {
      let extra = notes.firstIndex(of: .extraData) ?? notes.endIndex
      notes.insert(.rotatedByEXIF(stored.orientation), at: extra)
    }
    return DecodedPicture(
      picture: stored.picture.turnedUpright(from: stored.orientation), format: format,
      storedWidth: stored.picture.width, storedHeight: stored.picture.height, notes: notes)
  }

  private static func refusal(of bytes: [UInt8]) -> ImagingError {
    if let name = Magic.foreignPicture(bytes) { return .unsupported("a \(name) picture") }
    let head = bytes.prefix(4).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
    return ImagingError(
      .notAPicture,
      "the file is no picture: it looks like \(Magic.likeness(of: bytes)) and begins with bytes "
        + head.joined(separator: " "),
      hint: "only PNG, JPEG and WebP files are read")
  }
}
