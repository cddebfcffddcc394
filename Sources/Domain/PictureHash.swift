/// The signs of a picture's 256 slowest waves: alike for the same picture in another size, format,
/// quality or brightness, and turned into the mirrored picture's hash by one exclusive or.
///
/// Bit `16 v + u` is set where the cosine wave of `u` half periods across and `v` down has a positive
/// share; bit 0, the mean, is always clear. After Zauner, "Implementation and Benchmarking of
/// Perceptual Image Hash Functions", 2010, with signs in place of the median and 256 bits in place
/// of 64: aligned faces share their slowest waves.
public struct PictureHash: Hashable, Sendable {
  /// Bits of a hash.
  public static let bitCount = 256
  /// Bytes of a hash.
  public static let byteCount = bitCount / 8
  /// The largest distance at which two pictures count as one by default.
  ///
  /// Measured on 3,653 pictures (6.7 million pairs, studio series of one person among them): no pair
  /// of distinct pictures was nearer than 11, and pictures of different moments not nearer than 17.
  /// Re-encoded (JPEG 60), halved, darkened and mirrored pictures were at most 9 from their
  /// originals.
  public static let sameWithin = 10

  /// Bits 0–63, 64–127, 128–191 and 192–255.
  public let words: SIMD4<UInt64>

  public init(words: SIMD4<UInt64>) { self.words = words }

  /// The hash of the mirrored picture: waves with an odd number of half periods across change sign.
  public var mirrored: PictureHash {
    PictureHash(words: words ^ SIMD4(repeating: 0xAAAA_AAAA_AAAA_AAAA))
  }

  /// The one of a picture's hash and its mirror image's that comes first: equal for both.
  public var canonical: PictureHash { mirrored.precedes(self) ? mirrored : self }

  /// How many bits differ, in 0...256.
  public func distance(to other: PictureHash) -> Int {
    let counts = (words ^ other.words).nonzeroBitCount
    return Int(counts.wrappedSum())
  }

  /// Sixteen bits, one of each row and each column of waves, so that no band is all slow or all
  /// fast. The sixteen bands share no bit.
  public func band(_ number: Int) -> UInt16 {
    var band: UInt16 = 0
    for row in 0..<16 {
      let place = 16 * row + (number + row) & 15
      band |= UInt16(truncatingIfNeeded: words[place >> 6] >> UInt64(place & 63) & 1) << row
    }
    return band
  }

  private func precedes(_ other: PictureHash) -> Bool {
    for word in 0..<4 where words[word] != other.words[word] {
      return words[word] < other.words[word]
    }
    return false
  }
}

extension PictureHash {
  /// The 32 bytes a catalog keeps: the words, little endian.
  public var bytes: [UInt8] {
    (0..<Self.byteCount).map { UInt8(truncatingIfNeeded: words[$0 >> 3] >> UInt64(8 * ($0 & 7))) }
  }

  /// Nil unless there are 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    var words = SIMD4<UInt64>()
    for (place, byte) in bytes.enumerated() {
      words[place >> 3] |= UInt64(byte) << UInt64(8 * (place & 7))
    }
    self.init(words: words)
  }
}
