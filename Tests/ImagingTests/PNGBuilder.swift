/// Writes PNG files of every colour type and depth, with stored deflate blocks: an independent
/// witness for the reader.
struct PNGBuilder {
  var width: Int
  var height: Int
  var depth = 8
  var colourType = 2
  var isInterlaced = false
  /// Ancillary chunks between IHDR and IDAT: name and body.
  var extras: [(String, [UInt8])] = []
  /// Samples as they are in the file: row-major, `depth` bits each, channels interleaved.
  var samples: [Int]

  private var channels: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colourType]! }

  func file() -> [UInt8] {
    let header =
      Self.big(width) + Self.big(height)
      + [UInt8(depth), UInt8(colourType), 0, 0, isInterlaced ? 1 : 0]
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += Self.chunk("IHDR", header)
    for (name, body) in extras { file += Self.chunk(name, body) }
    return file + Self.chunk("IDAT", Self.zlib(raw())) + Self.chunk("IEND", [])
  }

  private func raw() -> [UInt8] {
    guard isInterlaced else { return pass(0, 0, 1, 1) }
    let adam7 = [
      (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
      (0, 1, 1, 2),
    ]
    return adam7.flatMap { pass($0.0, $0.1, $0.2, $0.3) }
  }

  private func pass(_ x0: Int, _ y0: Int, _ dx: Int, _ dy: Int) -> [UInt8] {
    guard x0 < width else { return [] }
    return stride(from: y0, to: height, by: dy).flatMap { y -> [UInt8] in
      var bits: [UInt8] = []
      for x in stride(from: x0, to: width, by: dx) {
        for c in 0..<channels {
          let sample = samples[(y * width + x) * channels + c]
          for bit in stride(from: depth - 1, through: 0, by: -1) {
            bits.append(UInt8(sample >> bit & 1))
          }
        }
      }
      while bits.count % 8 != 0 { bits.append(0) }
      return [0]
        + stride(from: 0, to: bits.count, by: 8).map { at in
          bits[at..<at + 8].reduce(0) { $0 << 1 | $1 }
        }
    }
  }

  private static func zlib(_ raw: [UInt8]) -> [UInt8] {
    precondition(raw.count < 65_536)
    let count = raw.count
    let length = [UInt8(count & 255), UInt8(count >> 8)]
    var (a, b) = (1, 0)
    for byte in raw {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return [0x78, 0x01, 0x01] + length + length.map { ~$0 } + raw + big(b << 16 | a)
  }

  static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + body
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in named {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return big(body.count) + named + big(Int(~crc))
  }

  static func big(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
  }
}

/// A TIFF block whose first directory holds one orientation entry.
enum EXIFBuilder {
  static func block(orientation: Int, littleEndian: Bool = false) -> [UInt8] {
    let entry: [[Int]] = [[0x0112, 2], [3, 2], [1, 4], [orientation, 2], [0, 2]]
    let fields = [[42, 2], [8, 4], [1, 2]] + entry + [[0, 4]]
    let mark: [UInt8] = littleEndian ? [0x49, 0x49] : [0x4D, 0x4D]
    return mark
      + fields.flatMap { field -> [UInt8] in
        let bytes = PNGBuilder.big(field[0]).suffix(field[1])
        return littleEndian ? bytes.reversed() : Array(bytes)
      }
  }
}
