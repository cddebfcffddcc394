/// Float32 values as they lie in a BLOB: little endian, without a header.
enum FloatBlob {
  static func bytes(_ values: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    for value in values {
      let bits = value.bitPattern
      for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
      }
    }
    return bytes
  }

  /// Bytes past the last whole value are left out.
  static func values(_ bytes: [UInt8]) -> [Float] {
    (0..<(bytes.count / 4)).map { index in
      let bits = (0..<4).reduce(UInt32(0)) { bits, byte in
        bits | UInt32(bytes[4 * index + byte]) << UInt32(8 * byte)
      }
      return Float(bitPattern: bits)
    }
  }
}
