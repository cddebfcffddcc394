import Domain

/// Builders of picture files no ordinary camera writes.
enum OddPictures {
  /// What one PNG pixel holds.
  enum Colour: UInt8 {
    case grey = 0
    case rgb = 2
    case greyAlpha = 4
    case rgba = 6
  }

  /// A PNG of this colour type and depth (8 or 16 bits), uncompressed.
  static func png(_ picture: Picture, _ colour: Colour, depth: Int = 8) -> [UInt8] {
    var raw: [UInt8] = []
    for y in 0..<picture.height {
      raw.append(0)
      for x in 0..<picture.width {
        let at = 3 * (y * picture.width + x)
        let rgb = Array(picture.pixels[at..<at + 3])
        let weighted = zip(rgb, [299, 587, 114]).map { Int($0) * $1 }
        let grey = UInt8(weighted.reduce(0, +) / 1000)
        let values: [UInt8] =
          switch colour {
          case .grey: [grey]
          case .rgb: rgb
          case .greyAlpha: [grey, 255]
          case .rgba: rgb + [255]
          }
        raw += depth == 8 ? values : values.flatMap { [$0, $0] }
      }
    }
    let kind: [UInt8] = [UInt8(depth), colour.rawValue, 0, 0, 0]
    return file(width: picture.width, height: picture.height, kind: kind, raw: raw)
  }

  /// A PNG that claims to be of this size and holds next to nothing.
  static func bomb(side: Int) -> [UInt8] {
    file(width: side, height: side, kind: [8, 2, 0, 0, 0], raw: [0, 0, 0, 0])
  }

  private static func file(width: Int, height: Int, kind: [UInt8], raw: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    bytes += chunk("IHDR", word(width) + word(height) + kind)
    bytes += chunk("IDAT", stored(raw))
    bytes += chunk("IEND", [])
    return bytes
  }

  /// `jpeg` with an EXIF segment that says how the camera was held (1 to 8).
  static func oriented(_ jpeg: [UInt8], _ orientation: UInt8) -> [UInt8] {
    var body = Array("Exif".utf8) + [0, 0]
    body += Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1]
    body += [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    let length = body.count + 2
    var bytes = Array(jpeg.prefix(2))
    bytes += [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)]
    bytes += body
    bytes += jpeg.dropFirst(2)
    return bytes
  }

  /// A zlib stream of stored blocks.
  private static func stored(_ raw: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x78, 0x01]
    let blocks = stride(from: 0, to: raw.count, by: 65_535)
    for start in blocks {
      let block = raw[start..<min(start + 65_535, raw.count)]
      let size = UInt16(block.count)
      out.append(start + block.count == raw.count ? 1 : 0)
      for half in [size, ~size] { out += [UInt8(half & 255), UInt8(half >> 8)] }
      out += block
    }
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in raw {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return out + word(Int(b << 16 | a))
  }

  private static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(kind.utf8) + data
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return word(data.count) + body + word(Int(~crc))
  }

  private static func word(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
