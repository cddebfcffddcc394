import Files

extension NumpyArray.Kind {
  /// Bytes per number.
  var byteCount: Int {
    switch self {
    case .float16: 2
    case .float32: 4
    case .float64, .int64: 8
    }
  }
}

/// Little-endian numbers to and from bytes, a piece at a time.
enum NumpyNumbers {
  /// Numbers per piece.
  private static let piece = 1 << 17

  /// - Precondition: the file holds `count` numbers of the kind from byte `start` on.
  static func read(
    _ file: MappedFile, from start: Int, _ kind: NumpyArray.Kind, count: Int
  ) -> NumpyArray.Values {
    switch kind {
    case .float16:
      .floats(numbers(file, start, count, of: UInt16.self) { Float(Float16(bitPattern: $0)) })
    case .float32:
      .floats(numbers(file, start, count, of: UInt32.self) { Float(bitPattern: $0) })
    case .float64:
      .doubles(numbers(file, start, count, of: UInt64.self) { Double(bitPattern: $0) })
    case .int64:
      .integers(numbers(file, start, count, of: UInt64.self) { Int64(bitPattern: $0) })
    }
  }

  static func write(
    _ array: NumpyArray, to sink: borrowing FileSink
  ) throws(FilesError) {
    switch array.values {
    case .floats(let floats) where array.kind == .float16:
      try append(floats, to: sink) { Float16($0).bitPattern }
    case .floats(let floats): try append(floats, to: sink) { $0.bitPattern }
    case .doubles(let doubles): try append(doubles, to: sink) { $0.bitPattern }
    case .integers(let integers): try append(integers, to: sink) { UInt64(bitPattern: $0) }
    }
  }

  private static func numbers<Bits: FixedWidthInteger, Number>(
    _ file: MappedFile, _ start: Int, _ count: Int, of bits: Bits.Type, _ number: (Bits) -> Number
  ) -> [Number] {
    let size = Bits.bitWidth / 8
    var numbers: [Number] = []
    numbers.reserveCapacity(count)
    for first in stride(from: 0, to: count, by: piece) {
      let last = min(first + piece, count)
      let bytes = file.bytes(start + first * size..<start + last * size)
      let span = bytes.span
      for place in 0..<last - first {
        var bits: Bits = 0
        for byte in 0..<size { bits |= Bits(span[place * size + byte]) << (8 * byte) }
        numbers.append(number(bits))
      }
    }
    return numbers
  }

  private static func append<Bits: FixedWidthInteger, Number>(
    _ numbers: [Number], to sink: borrowing FileSink, _ bits: (Number) -> Bits
  ) throws(FilesError) {
    let size = Bits.bitWidth / 8
    for first in stride(from: 0, to: numbers.count, by: piece) {
      let part = numbers[first..<min(first + piece, numbers.count)]
      var bytes: [UInt8] = []
      bytes.reserveCapacity(part.count * size)
      for number in part {
        let value = bits(number)
        for byte in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
      }
      try sink.append(bytes)
    }
  }
}
