/// A walk over a PNG file's chunks (ISO/IEC 15948): what libpng's simplified interface does not
/// tell, and the header's sizes before anything is allocated. Checksums are libpng's business.
struct PNGChunks {
  let width: Int
  let height: Int
  let bitDepth: Int
  /// True for colour types 0 and 4.
  let isGrey: Bool
  private(set) var orientation = 1
  /// Where the file's picture ends, just after IEND; nil where the chunks run past the bytes.
  private(set) var end: Int?
  /// The chunk `gAMA` when it says other than 1/2.2; libpng would bend all values by it.
  private(set) var foreignGamma: Range<Int>?

  private static let signatureLength = 8
  private static let usualGamma = 45455

  /// The chunks of `bytes`, or nil where they do not begin with a whole IHDR.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 33, bytes[12..<16].elementsEqual("IHDR".utf8) else { return nil }
    width = Self.number(bytes, at: 16)
    height = Self.number(bytes, at: 20)
    bitDepth = Int(bytes[24])
    isGrey = bytes[25] == 0 || bytes[25] == 4
    walk(bytes)
  }

  private mutating func walk(_ bytes: [UInt8]) {
    var start = Self.signatureLength
    while start + 12 <= bytes.count {
      let length = Self.number(bytes, at: start)
      let next = start + 12 + length
      guard next <= bytes.count else { return }
      let name = bytes[start + 4..<start + 8]
      if name.elementsEqual("IEND".utf8) {
        end = next
        return
      }
      if name.elementsEqual("eXIf".utf8) {
        orientation = EXIFOrientation.read(bytes, in: start + 8..<next - 4)
      } else if name.elementsEqual("gAMA".utf8), length == 4, foreignGamma == nil,
        Self.number(bytes, at: start + 8) != Self.usualGamma
      {
        foreignGamma = start..<next
      }
      start = next
    }
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
