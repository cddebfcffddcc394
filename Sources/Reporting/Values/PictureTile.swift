/// The bytes of one encoded picture (PNG, JPEG or WebP), small enough to sit inside a page.
public struct Thumbnail: Hashable, Codable, Sendable {
  /// The whole file. Bytes of any other format are shown as an empty frame.
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }
}

/// One picture as a page shows it.
///
/// Reporting never sees pixels: where the picture shows a real person the caller hands over bytes that
/// are already made unrecognisable and sets `hidden`; the page then says so beside the picture.
public struct PictureTile: Hashable, Codable, Sendable {
  public var image: Thumbnail
  /// What a person who cannot see the picture should hear, e.g. `generated picture of id-0042`.
  public var alt: String
  /// True where the picture shows, or hides, a living person.
  public var isReal: Bool
  /// True where `image` no longer shows the picture itself.
  public var hidden: Bool

  public init(bytes: [UInt8], alt: String, isReal: Bool, hidden: Bool) {
    self.image = Thumbnail(bytes: bytes)
    self.alt = alt
    self.isReal = isReal
    self.hidden = hidden
  }
}
