/// A picture file format that can be read here.
public enum PictureFormat: String, CaseIterable, Codable, Sendable {
  case png
  case jpeg
  case webp

  /// The format's name as people write it.
  public var displayName: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .webp: "WebP"
    }
  }

  /// The usual file name extension, without the dot.
  public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }
}

/// What the first bytes of a file say it is.
enum Magic {
  static func format(of bytes: [UInt8]) -> PictureFormat? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    if bytes.starts(with: Array("RIFF".utf8)), text(bytes, at: 8, is: "WEBP") { return .webp }
    return nil
  }

  /// Pictures of other formats: named, so that the error can say "convert it".
  static func foreignPicture(_ bytes: [UInt8]) -> String? {
    if text(bytes, at: 0, is: "GIF8") { return "GIF" }
    if text(bytes, at: 0, is: "BM"), bytes.count >= 26 { return "BMP" }
    if text(bytes, at: 0, is: "II*\0") || text(bytes, at: 0, is: "MM\0*") { return "TIFF" }
    if bytes.starts(with: [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]) { return "JPEG 2000" }
    if bytes.starts(with: [0xFF, 0x0A]) { return "JPEG XL" }
    if text(bytes, at: 4, is: "ftypavif") || text(bytes, at: 4, is: "ftypavis") { return "AVIF" }
    if text(bytes, at: 4, is: "ftyphei") || text(bytes, at: 4, is: "ftypmif1") { return "HEIF" }
    return nil
  }

  /// A few words for bytes that are no picture.
  static func likeness(of bytes: [UInt8]) -> String {
    let head = bytes.prefix(64)
    if text(bytes, at: 0, is: "%PDF") { return "PDF" }
    if text(bytes, at: 0, is: "PK") { return "ZIP" }
    if bytes.starts(with: [0x1F, 0x8B]) { return "gzip" }
    if head.allSatisfy({ $0 == 0 }) { return "zero bytes" }
    let isText = head.allSatisfy { $0 == 9 || $0 == 10 || $0 == 13 || $0 >= 0x20 && $0 != 0x7F }
    guard isText else { return "unknown" }
    let first = head.first { $0 > 0x20 }
    return first == UInt8(ascii: "<") ? "HTML/text" : "text"
  }

  private static func text(_ bytes: [UInt8], at offset: Int, is word: String) -> Bool {
    bytes.dropFirst(offset).starts(with: word.utf8)
  }
}
