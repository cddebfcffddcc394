public import Domain

/// A picture as read from a file, with what had to be done to it.
public struct DecodedPicture: Equatable, Sendable {
  /// Upright 8-bit RGB.
  public var picture: Picture
  public var format: PictureFormat
  /// Pixels as stored in the file, before any rotation.
  public var storedWidth: Int
  public var storedHeight: Int
  /// What was changed or noticed while reading, in a fixed order; empty for plain 8-bit RGB.
  public var notes: [DecodeNote]

  public init(
    picture: Picture, format: PictureFormat, storedWidth: Int, storedHeight: Int,
    notes: [DecodeNote]
  ) {
    self.picture = picture
    self.format = format
    self.storedWidth = storedWidth
    self.storedHeight = storedHeight
    self.notes = notes
  }
}

/// Something that was changed or noticed while reading a picture.
public enum DecodeNote: Hashable, Sendable, CustomStringConvertible {
  /// 16-bit samples became round(v * 255 / 65535).
  case reducedFrom16Bit
  /// One grey channel was copied into all three.
  case greyToRGB
  /// Some pixels were not opaque; the picture was composited over white on the stored values,
  /// round((c * a + 255 * (255 - a)) / 255).
  case alphaFlattened
  /// CMYK or YCCK became RGB by r = k - k * (255 - c) / 255 on Adobe's inverted samples.
  case cmykConverted
  /// The EXIF orientation, 2 to 8, was applied.
  case rotatedByEXIF(Int)
  /// Bytes follow the end of the picture; they were ignored.
  case extraData

  /// Stable lower-case words, e.g. `rotated by exif 6`.
  public var description: String {
    switch self {
    case .reducedFrom16Bit: "reduced from 16 bit"
    case .greyToRGB: "grey to rgb"
    case .alphaFlattened: "alpha flattened"
    case .cmykConverted: "cmyk converted"
    case .rotatedByEXIF(let orientation): "rotated by exif \(orientation)"
    case .extraData: "extra data"
    }
  }
}

/// What a format's reader hands over: pixels as stored, not yet turned upright.
struct StoredPicture {
  var picture: Picture
  var orientation: Int
  var notes: [DecodeNote]
}
