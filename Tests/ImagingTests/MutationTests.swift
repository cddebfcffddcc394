import Domain
import Imaging
import Testing

/// Files that were tampered with give a picture or an error, never a crash or a wrong shape.
struct MutationTests {
  private static let seed: UInt64 = 20_240_611
  private static let mutationsPerFile = 1500

  private static func files() throws -> [(String, [UInt8])] {
    let picture = TestPictures.busy(23, 17)
    let exif = EXIFBuilder.block(orientation: 7)
    let palette = PNGBuilder(
      width: 9, height: 8, depth: 4, colourType: 3, isInterlaced: true,
      extras: [("PLTE", (0..<48).map(UInt8.init)), ("tRNS", [0, 9]), ("eXIf", exif)],
      samples: (0..<72).map { $0 % 16 })
    let deep = PNGBuilder(
      width: 5, height: 4, depth: 16, colourType: 6, samples: (0..<80).map { $0 * 800 })
    return [
      ("png", try PictureEncoder.png(picture)), ("palette png", palette.file()),
      ("16-bit png", deep.file()), ("jpeg", try PictureEncoder.jpeg(picture)),
      ("jpeg 4:4:4", try PictureEncoder.jpeg(picture, quality: 60, subsampling: .none)),
      ("webp", try PictureEncoder.webp(picture, quality: 70)),
      ("lossless webp", try PictureEncoder.webp(picture)),
    ]
  }

  @Test func `bit flips, cuts, repeats and junk never crash`() throws {
    var bits = SeededBits(state: Self.seed)
    let limits = DecodeLimits(maximumPixels: 4_000_000, maximumBytes: 1_000_000)
    for (name, file) in try Self.files() {
      var read = 0
      for _ in 0..<Self.mutationsPerFile {
        let mutated = Self.mutate(file, &bits)
        do throws(ImagingError) {
          let decoded = try PictureDecoder.decode(mutated, limits: limits)
          let picture = decoded.picture
          #expect(picture.pixels.count == 3 * picture.width * picture.height)
          #expect(picture.width * picture.height == decoded.storedWidth * decoded.storedHeight)
          read += 1
        } catch {
          #expect(!error.message.isEmpty)
        }
      }
      #expect(read < Self.mutationsPerFile, "\(name), seed \(Self.seed)")
    }
  }

  @Test func `junk behind each format's magic never crashes`() {
    var bits = SeededBits(state: Self.seed)
    let magics: [[UInt8]] = [
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF],
      Array("RIFF\u{40}\0\0\0WEBPVP8 ".utf8), Array("RIFF\u{40}\0\0\0WEBPVP8X".utf8), [],
    ]
    for round in 0..<2000 {
      let junk = (0..<bits.below(80)).map { _ in UInt8(bits.next() & 255) }
      #expect(throws: ImagingError.self) {
        try PictureDecoder.decode(magics[round % magics.count] + junk)
      }
    }
  }

  private static func mutate(_ file: [UInt8], _ bits: inout SeededBits) -> [UInt8] {
    var mutated = file
    for _ in 0...bits.below(3) {
      let at = bits.below(mutated.count)
      switch bits.below(6) {
      case 0: mutated[at] ^= 1 << UInt8(bits.below(8))
      case 1: mutated[at] = [0, 0x7F, 0x80, 0xFF][bits.below(4)]
      case 2: mutated.removeSubrange(at..<min(at + 1 + bits.below(8), mutated.count))
      case 3: mutated.insert(contentsOf: mutated[at..<min(at + 16, mutated.count)], at: at)
      case 4: mutated.replaceSubrange(at..<at + 1, with: [UInt8(bits.next() & 255)])
      default: mutated.removeLast(bits.below(mutated.count))
      }
      if mutated.isEmpty { return [0xFF] }
    }
    return mutated
  }
}
