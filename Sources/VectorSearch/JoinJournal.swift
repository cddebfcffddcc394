import Files

/// The finished tiles of a join, on the disk as they come, so that a killed join goes on where it was.
///
/// A file of one header and one record per tile, in order: 8 bytes of magic and the 32 bytes of the
/// join's key; then per tile its number, its count of pairs and the CRC-32C of both and of the pairs
/// (four bytes each), and 12 bytes per pair: left row, right row, similarity. Little endian. Whatever
/// follows the last whole record is cut off when the file is opened.
struct JoinJournal {
  private static let magic = Array("d2rjoin1".utf8)
  static let headerSize = 40
  private static let recordSize = 12
  static let pairSize = 12

  let path: String
  let key: [UInt8]
  /// Where each recorded tile's pairs are: the byte of the first, and how many.
  private(set) var tiles: [(start: Int, count: Int)] = []
  private(set) var byteCount = 0

  /// Reads what is there; a file of another join counts as nothing.
  /// - Precondition: `key` has 32 bytes.
  init(path: String, key: [UInt8]) throws(FilesError) {
    precondition(key.count == 32)
    self.path = path
    self.key = key
    guard FileSystem.exists(path) else { return }
    let file = try MappedFile(path)
    file.withBytes { bytes in readTiles(bytes) }
  }

  /// Opens the file for the next tiles, behind the whole ones.
  func writer() throws(FilesError) -> AppendFile {
    let file = try AppendFile(path, keeping: byteCount)
    if byteCount == 0 { try file.append(Self.magic + key) }
    return file
  }

  /// Notes that `tile` was written behind all others by `Self.write`.
  mutating func note(_ tile: JoinTile) {
    byteCount = max(byteCount, Self.headerSize)
    tiles.append((byteCount + Self.recordSize, tile.pairs.count))
    byteCount += Self.recordSize + tile.pairs.count * Self.pairSize
  }

  static func write(_ tile: JoinTile, to file: borrowing AppendFile) throws(FilesError) {
    let numbers = [UInt32(tile.number), UInt32(tile.pairs.count)]
    // Neither whole numbers nor pairs (two numbers and a float) have padding.
    var checksum = unsafe CRC32C.checksum(of: numbers.span.bytes)
    checksum = unsafe CRC32C.checksum(of: tile.pairs.span.bytes, continuing: checksum)
    try file.append(unsafe (numbers + [checksum]).span.bytes)
    try file.append(unsafe tile.pairs.span.bytes)
  }

  /// The pairs of recorded tile `number`.
  func pairs(of number: Int, in file: MappedFile) -> [JoinPair] {
    let (start, count) = tiles[number]
    return unsafe [JoinPair](unsafeUninitializedCapacity: count) { buffer, filled in
      file.withBytes { bytes in
        // The record was whole when it was read or written; every bit pattern is a pair.
        let wanted = bytes.extracting(start..<start + count * Self.pairSize)
        unsafe wanted.withUnsafeBytes { source in
          unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
        }
      }
      filled = count
    }
  }

  private mutating func readTiles(_ bytes: RawSpan) {
    guard bytes.byteCount >= Self.headerSize, Self.bytes(bytes, 0, 8) == Self.magic,
      Self.bytes(bytes, 8, 32) == key
    else { return }
    byteCount = Self.headerSize
    while bytes.byteCount - byteCount >= Self.recordSize {
      let number = Self.word(bytes, byteCount)
      let count = Int(Self.word(bytes, byteCount + 4))
      let start = byteCount + Self.recordSize
      guard number == tiles.count, count <= (bytes.byteCount - start) / Self.pairSize else {
        return
      }
      let end = start + count * Self.pairSize
      var checksum = CRC32C.checksum(of: bytes.extracting(byteCount..<byteCount + 8))
      checksum = CRC32C.checksum(of: bytes.extracting(start..<end), continuing: checksum)
      guard checksum == Self.word(bytes, byteCount + 8) else { return }
      tiles.append((start, count))
      byteCount = end
    }
  }

  private static func word(_ bytes: RawSpan, _ place: Int) -> UInt32 {
    // Bounds-checked; every bit pattern is a number.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt32.self)
  }

  private static func bytes(_ bytes: RawSpan, _ start: Int, _ count: Int) -> [UInt8] {
    // The buffer is copied inside the closure.
    unsafe bytes.extracting(start..<start + count).withUnsafeBytes { unsafe [UInt8]($0) }
  }
}
