import Domain
import Testing

@Suite struct PictureHashTests {
  private let hash = PictureHash(
    words: SIMD4(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, 0xF0F0_1234_0000_FFFF, 42))

  @Test func `mirroring inverts the odd waves and twice is nothing`() {
    #expect(hash.mirrored.mirrored == hash)
    #expect(hash.distance(to: hash.mirrored) == 128)
    #expect(hash.canonical == hash.mirrored.canonical)
    #expect([hash, hash.mirrored].contains(hash.canonical))
  }

  @Test func `distance counts the bits that differ`() {
    var words = hash.words
    words[0] ^= 0b111
    words[3] ^= 1 << 63
    #expect(hash.distance(to: PictureHash(words: words)) == 4)
    #expect(hash.distance(to: hash) == 0)
  }

  @Test func `bytes give the hash back, and only 32 of them`() {
    #expect(hash.bytes.count == PictureHash.byteCount)
    #expect(PictureHash(bytes: hash.bytes) == hash)
    #expect(hash.bytes[0] == 0xEF)
    #expect(PictureHash(bytes: Array(hash.bytes.dropLast())) == nil)
  }

  @Test func `every bit is in one band`() {
    for place in 0..<PictureHash.bitCount {
      var words = SIMD4<UInt64>()
      words[place >> 6] = 1 << UInt64(place & 63)
      let bands = (0..<16).map { PictureHash(words: words).band($0).nonzeroBitCount }
      #expect(bands.reduce(0, +) == 1)
    }
  }
}
