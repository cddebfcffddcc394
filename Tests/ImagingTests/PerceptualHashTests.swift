import Domain
import Imaging
import Testing

@Suite struct PerceptualHashTests {
  /// Blocks of unequal brightness, so that every wave has a share; nowhere symmetric.
  private let picture = TestPictures.picture(120, 90) { x, y, c in
    let block = UInt64(x / 5 + 31 * (y / 5))
    let mixed = (block &* 0x9E37_79B9_7F4A_7C15) >> 57
    return UInt8(40 + mixed + UInt64(c) * 9)
  }

  private func hash(_ picture: Picture) throws -> PictureHash {
    try #require(picture.perceptualHash())
  }

  @Test func `another size and another brightness are a few bits away`() throws {
    let original = try hash(picture)
    let half = Resampling.resized(picture, to: 60, 45, filter: .bicubic)
    #expect(original.distance(to: try hash(half)) <= PictureHash.sameWithin)
    var darker = picture
    for place in darker.pixels.indices { darker.pixels[place] = darker.pixels[place] / 4 * 3 }
    #expect(original.distance(to: try hash(darker)) <= PictureHash.sameWithin)
    let jpeg = try PictureDecoder.decode(PictureEncoder.jpeg(picture, quality: 60)).picture
    #expect(original.distance(to: try hash(jpeg)) <= PictureHash.sameWithin)
  }

  @Test func `the mirrored hash is the hash of the mirrored picture`() throws {
    let turned = TestPictures.picture(120, 90) { x, y, c in
      picture.pixels[3 * (120 * y + 119 - x) + c]
    }
    let distance = try hash(picture).mirrored.distance(to: hash(turned))
    #expect(distance <= 2)
    #expect(try hash(picture).distance(to: hash(turned)) > 60)
  }

  @Test func `another picture is far away`() throws {
    let other = TestPictures.ramp(120, 90)
    #expect(try hash(picture).distance(to: hash(other)) > 40)
  }

  @Test func `a flat picture has no hash, whatever its size`() {
    #expect(Picture(width: 50, height: 40, red: 9, green: 90, blue: 200).perceptualHash() == nil)
    #expect(Picture(width: 1, height: 1, red: 0, green: 0, blue: 0).perceptualHash() == nil)
  }

  @Test func `one row of pixels is enough`() throws {
    let line = TestPictures.picture(64, 1) { x, _, _ in UInt8(x * 4) }
    #expect(try hash(line).words != SIMD4())
  }
}
