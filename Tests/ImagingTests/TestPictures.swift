import Domain
import FoundationEssentials
import Imaging

/// Pictures and files that tests plant their truth in.
enum TestPictures {
  /// Busy: channel c of pixel (x, y) is (37 x + 59 y + 83 c + 7 x y) mod 256.
  static func busy(_ width: Int, _ height: Int) -> Picture {
    picture(width, height) { (x: Int, y: Int, c: Int) -> UInt8 in
      let level: Int = x * 37 + y * 59 + c * 83 + x * y * 7
      return UInt8(level % 256)
    }
  }

  /// Smooth: channel c of pixel (x, y) is 20 + (2 + c) x + (3 - c) y, cut at 255.
  static func ramp(_ width: Int, _ height: Int) -> Picture {
    picture(width, height) { (x: Int, y: Int, c: Int) -> UInt8 in
      let level: Int = 20 + x * (2 + c) + y * (3 - c)
      return UInt8(min(255, level))
    }
  }

  static func picture(
    _ width: Int, _ height: Int, _ level: (Int, Int, Int) -> UInt8
  ) -> Picture {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 { pixels.append(level(x, y, c)) }
      }
    }
    return Picture(width: width, height: height, pixels: pixels)
  }

  static func grey(_ width: Int, _ height: Int, _ levels: [UInt8]) -> Picture {
    Picture(width: width, height: height, pixels: levels.flatMap { [$0, $0, $0] })
  }

  static func base64(_ text: String) -> [UInt8] { [UInt8](Data(base64Encoded: text)!) }

  static func largestDifference(_ a: Picture, _ b: Picture) -> Int {
    zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }
}

/// The reference answers beside the repository, where they exist.
enum Goldens {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/golden/diffusion")

  static var exist: Bool {
    FileManager.default.fileExists(
      atPath: folder.appendingPathComponent("clip_landscape_resized_u8.npy").path)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// The values of a version 1.0 uint8 `.npy` file, without its header.
  static func levels(_ name: String) throws -> [UInt8] {
    let file = try bytes(name)
    return Array(file[(10 + Int(file[8]) + Int(file[9]) << 8)...])
  }
}

/// SplitMix64, so that a failing case can be repeated from its printed seed.
struct SeededBits {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
