/// A walk over a JPEG file's segments (ITU-T T.81, annex B): the frame's sizes before anything is
/// allocated, the EXIF orientation, and where the picture ends.
struct JPEGSegments {
  struct Frame: Equatable {
    let precision: Int
    let width: Int
    let height: Int
    let components: Int
  }

  private(set) var frame: Frame?
  private(set) var orientation = 1
  /// Just after the end-of-image marker; nil where there is none.
  private(set) var end: Int?

  private static let exif: [UInt8] = Array("Exif".utf8) + [0, 0]

  init(_ bytes: [UInt8]) {
    var position = 2
    var sawEXIF = false
    while let marker = Self.nextMarker(bytes, from: &position) {
      if marker == 0xD9 {
        end = position
        return
      }
      guard position + 2 <= bytes.count else { return }
      let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
      guard length >= 2, position + length <= bytes.count else { return }
      let body = position + 2..<position + length
      if Self.isFrame(marker), frame == nil {
        readFrame(bytes, body)
      } else if marker == 0xE1, !sawEXIF, bytes[body].starts(with: Self.exif) {
        orientation = EXIFOrientation.read(
          bytes, in: body.dropFirst(6).startIndex..<body.upperBound)
        sawEXIF = true
      }
      position = body.upperBound
    }
  }

  private mutating func readFrame(_ bytes: [UInt8], _ body: Range<Int>) {
    guard body.count >= 6 else { return }
    let b = body.lowerBound
    frame = Frame(
      precision: Int(bytes[b]), width: Int(bytes[b + 3]) << 8 | Int(bytes[b + 4]),
      height: Int(bytes[b + 1]) << 8 | Int(bytes[b + 2]), components: Int(bytes[b + 5]))
  }

  private static func isFrame(_ marker: UInt8) -> Bool {
    (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
  }

  /// The next marker that carries a segment or ends the image, skipping coded data (where FF is
  /// followed by 00 or a restart marker); leaves `position` after it.
  private static func nextMarker(_ bytes: [UInt8], from position: inout Int) -> UInt8? {
    while position + 1 < bytes.count {
      guard bytes[position] == 0xFF else {
        position += 1
        continue
      }
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1
        continue
      }
      position += 2
      let standsAlone = marker <= 0x01 || (0xD0...0xD8).contains(marker)
      if !standsAlone { return marker }
    }
    return nil
  }
}
