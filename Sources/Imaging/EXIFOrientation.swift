/// The one EXIF field that matters here: how the camera was held. Every read is bounds-checked;
/// anything that does not parse means orientation 1.
/// Layout: TIFF 6.0 (byte order mark, 42, offset of the first directory, 12-byte entries), tag 274.
enum EXIFOrientation {
  private static let tag = 0x0112
  private static let shortType = 3

  /// 1...8 from the TIFF block in `range` of `bytes`; 1 where it is absent or out of range.
  static func read(_ bytes: [UInt8], in range: Range<Int>) -> Int {
    guard let block = TIFFBlock(bytes: bytes, range: range.clamped(to: 0..<bytes.count)),
      block.short(at: 2) == 42, let directory = block.long(at: 4),
      let count = block.short(at: directory)
    else { return 1 }
    for entry in 0..<count {
      let offset = directory + 2 + 12 * entry
      guard let found = block.short(at: offset) else { return 1 }
      guard found == tag else { continue }
      guard block.short(at: offset + 2) == shortType, block.long(at: offset + 4) == 1,
        let value = block.short(at: offset + 8), (1...8).contains(value)
      else { return 1 }
      return value
    }
    return 1
  }
}

/// Numbers of either byte order in a slice of a file; nil beyond its end.
private struct TIFFBlock {
  private let bytes: [UInt8]
  private let range: Range<Int>
  private let isLittleEndian: Bool

  init?(bytes: [UInt8], range: Range<Int>) {
    guard range.count >= 8 else { return nil }
    switch (bytes[range.lowerBound], bytes[range.lowerBound + 1]) {
    case (0x49, 0x49): isLittleEndian = true
    case (0x4D, 0x4D): isLittleEndian = false
    default: return nil
    }
    self.bytes = bytes
    self.range = range
  }

  func short(at offset: Int) -> Int? {
    guard offset >= 0, offset <= range.count - 2 else { return nil }
    let first = Int(bytes[range.lowerBound + offset])
    let second = Int(bytes[range.lowerBound + offset + 1])
    return isLittleEndian ? first | second << 8 : first << 8 | second
  }

  func long(at offset: Int) -> Int? {
    guard let first = short(at: offset), let second = short(at: offset + 2) else { return nil }
    return isLittleEndian ? first | second << 16 : first << 16 | second
  }
}
