/// Sorts floats from the largest down.
enum FallingSort {
  /// Below this many, comparing beats counting.
  private static let smallest = 10_000
  private static let digitBits = 11

  /// Three passes of counting sort over 11-bit digits of an order-preserving integer; needs a second
  /// array of the same size. NaN has no place here.
  static func sort(_ values: inout [Float]) {
    guard values.count >= smallest else {
      values.sort(by: >)
      return
    }
    var keys = values.map(key)
    var spare = [UInt32](repeating: 0, count: keys.count)
    for shift in stride(from: 0, to: 32, by: digitBits) {
      pass(keys, &spare, shift)
      swap(&keys, &spare)
    }
    for (index, key) in keys.enumerated() { values[index] = value(key) }
  }

  private static func pass(_ source: [UInt32], _ target: inout [UInt32], _ shift: Int) {
    let mask = 1 << digitBits - 1
    var places = [Int](repeating: 0, count: mask + 2)
    for key in source { places[Int(key >> shift) & mask + 1] += 1 }
    for digit in 0..<mask { places[digit + 1] += places[digit] }
    for key in source {
      let digit = Int(key >> shift) & mask
      target[places[digit]] = key
      places[digit] += 1
    }
  }

  /// Smaller for larger floats.
  private static func key(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    return bits >> 31 == 1 ? bits : ~(bits | 0x8000_0000)
  }

  private static func value(_ key: UInt32) -> Float {
    Float(bitPattern: key >> 31 == 1 ? key : ~key & 0x7FFF_FFFF)
  }
}
