/// The binary form of tensors: little-endian, row by row; each byte string after its length in four
/// bytes.
enum WireBytes {
  static func encode(_ values: WireValues) -> [UInt8] {
    switch values {
    case .uint8(let values): return values
    case .float32(let values): return words(values, width: 4) { UInt64($0.bitPattern) }
    case .float16(let values): return words(values, width: 2) { UInt64($0.bitPattern) }
    case .int64(let values): return words(values, width: 8) { UInt64(bitPattern: $0) }
    case .bytes(let items):
      return items.flatMap { item in
        words([item.count], width: 4) { UInt64($0) } + item
      }
    }
  }

  /// `count` elements that fill `bytes` to the last one; nil where they do not, or where the type is
  /// not read here.
  static func decode(_ type: WireType, _ bytes: ArraySlice<UInt8>, count: Int) -> WireValues? {
    if type == .bytes { return items(bytes, count: count).map { .bytes($0) } }
    guard let size = type.size, bytes.count.isMultiple(of: size), bytes.count / size == count
    else { return nil }
    switch type {
    case .uint8: return .uint8(Array(bytes))
    case .float32:
      return .float32(
        numbers(bytes, width: 4) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    case .float16:
      return .float16(
        numbers(bytes, width: 2) { Float16(bitPattern: UInt16(truncatingIfNeeded: $0)) })
    case .int64: return .int64(numbers(bytes, width: 8) { Int64(bitPattern: $0) })
    default: return nil
    }
  }

  private static func words<Number>(
    _ values: [Number], width: Int, _ bits: (Number) -> UInt64
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * width)
    for value in values {
      let word = bits(value)
      for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * place))) }
    }
    return bytes
  }

  private static func numbers<Number>(
    _ bytes: ArraySlice<UInt8>, width: Int, _ number: (UInt64) -> Number
  ) -> [Number] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: width).map { start in
      number(word(bytes, at: start, width: width))
    }
  }

  private static func word(_ bytes: ArraySlice<UInt8>, at start: Int, width: Int) -> UInt64 {
    (0..<width).reduce(0) { $0 | UInt64(bytes[start + $1]) << (8 * $1) }
  }

  private static func items(_ bytes: ArraySlice<UInt8>, count: Int) -> [[UInt8]]? {
    var items: [[UInt8]] = []
    var place = bytes.startIndex
    while place < bytes.endIndex {
      guard items.count < count, bytes.endIndex - place >= 4 else { return nil }
      let length = Int(word(bytes, at: place, width: 4))
      place += 4
      guard length <= bytes.endIndex - place else { return nil }
      items.append(Array(bytes[place..<place + length]))
      place += length
    }
    return items.count == count ? items : nil
  }
}
