import Foundation

/// Seeded numbers and files made of them.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// Roughly normal: the sum of twelve even draws, less six.
  mutating func normal() -> Float {
    (0..<12).reduce(-6) { sum, _ in sum + Float(next() >> 40) / Float(1 << 24) }
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(next() & 255) } }

  /// A NumPy file of float32 rows, format version 1.
  static func npy(_ rows: [[Float]]) throws -> [UInt8] {
    let width = rows.first?.count ?? 1
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows.count), \(width)), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let length = UInt16(header.utf8.count)
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8)
    for value in rows.joined() {
      let bits = value.bitPattern
      bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
    }
    return bytes
  }
}
