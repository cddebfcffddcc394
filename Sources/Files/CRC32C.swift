/// The Castagnoli checksum (reflected polynomial 0x82F63B78; RFC 3720, appendix B.4), eight bytes
/// a step through eight tables.
public enum CRC32C {
  /// The checksum of `bytes`, continuing as below.
  public static func checksum(of bytes: [UInt8], continuing previous: UInt32 = 0) -> UInt32 {
    // A byte has no padding that its span could show.
    unsafe checksum(of: bytes.span.bytes, continuing: previous)
  }

  /// The checksum of `bytes`, or of what `previous` covers followed by `bytes`.
  public static func checksum(of bytes: RawSpan, continuing previous: UInt32 = 0) -> UInt32 {
    var crc = ~previous
    let tables = tables.span
    let whole = bytes.byteCount & ~7
    for start in stride(from: 0, to: whole, by: 8) {
      // The loads are bounds-checked; every bit pattern is an integer.
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
      crc = step(word.littleEndian ^ UInt64(crc), tables)
    }
    for place in whole..<bytes.byteCount {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)
      crc = tables[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc >> 8)
    }
    return ~crc
  }

  /// Eight bytes at once: byte `i` of the word goes through table `7 - i`.
  @inline(__always)
  private static func step(_ word: UInt64, _ tables: Span<UInt32>) -> UInt32 {
    var crc: UInt32 = 0
    for place in 0..<8 {
      let byte = Int(truncatingIfNeeded: word >> UInt64(8 * place)) & 255
      crc ^= tables[(7 - place) << 8 | byte]
    }
    return crc
  }

  /// Table `t`, entry `b`: the checksum register after byte `b` and `t` zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
      tables[byte] = crc
    }
    for entry in 256..<(8 * 256) {
      let before = tables[entry - 256]
      tables[entry] = tables[Int(before & 255)] ^ (before >> 8)
    }
    return tables
  }()
}
