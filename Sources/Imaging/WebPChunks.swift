/// A walk over a WebP file's RIFF chunks: the EXIF orientation, and where the picture ends.
struct WebPChunks {
  private(set) var orientation = 1
  /// Where the RIFF header says the file ends; it may lie beyond the bytes.
  let end: Int

  /// - Precondition: `bytes` begin with RIFF, a size, WEBP.
  init(_ bytes: [UInt8]) {
    end = 8 + Self.number(bytes, at: 4)
    var start = 12
    while start + 8 <= min(end, bytes.count) {
      let body = start + 8
      let next = body + Self.number(bytes, at: start + 4)
      guard next <= bytes.count else { return }
      if bytes[start..<start + 4].elementsEqual("EXIF".utf8) {
        // Some writers keep JPEG's "Exif" mark in front of the TIFF block.
        let isMarked = bytes[body..<next].starts(with: "Exif".utf8)
        let block = isMarked ? min(body + 6, next) : body
        orientation = EXIFOrientation.read(bytes, in: block..<next)
        return
      }
      start = next + next % 2
    }
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
