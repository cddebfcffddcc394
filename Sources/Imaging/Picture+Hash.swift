public import Domain
import Glibc

extension Picture {
  /// The picture's perceptual hash; nil for one of a single flat brightness, whose waves are
  /// rounding noise.
  ///
  /// The picture is shrunk to 32 x 32 pixels as Pillow does (bilinear), its brightness taken, and
  /// the cosine transform of the 16 slowest waves each way: the sign of the sum over all pixels of
  /// brightness(x, y) cos(π u (x + ½) / 32) cos(π v (y + ½) / 32) is bit `16 v + u`.
  public func perceptualHash() -> PictureHash? {
    let side = WaveTable.side
    let light = Resampling.resized(self, to: side, side, filter: .bilinear).luminance()
      .map(Double.init)
    let mean = light.reduce(0, +) / Double(light.count)
    let variance = light.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(light.count)
    guard variance >= WaveTable.flatVariance else { return nil }
    let across = WaveTable.along(rowsOf: light.map { $0 - mean }, count: side)
    let shares = WaveTable.along(
      rowsOf: WaveTable.turned(across, rows: side), count: WaveTable.waves)
    var words = SIMD4<UInt64>()
    // `shares` has a row per u and a column per v.
    for place in 1..<PictureHash.bitCount
    where shares[(place & 15) * WaveTable.waves + place >> 4] > 0 {
      words[place >> 6] |= 1 << UInt64(place & 63)
    }
    return PictureHash(words: words)
  }
}

/// The cosine transform of 32 values, its 16 slowest waves.
private enum WaveTable {
  static let side = 32
  static let waves = 16
  /// Brightness variations of less than one level root mean square are rounding noise.
  static let flatVariance = 1.0

  /// Wave `w` of the row is `values[w * side ..< (w + 1) * side]`.
  static let values: [Double] = (0..<waves).flatMap { wave in
    (0..<side).map { cos(Double.pi * Double(wave) * (Double($0) + 0.5) / Double(side)) }
  }

  /// The shares of the waves in each of `count` rows of 32 values: `count` rows of 16.
  static func along(rowsOf light: [Double], count: Int) -> [Double] {
    var shares: [Double] = []
    shares.reserveCapacity(count * waves)
    for row in 0..<count {
      for wave in 0..<waves {
        var sum = 0.0
        for x in 0..<side { sum += light[row * side + x] * values[wave * side + x] }
        shares.append(sum)
      }
    }
    return shares
  }

  /// `rows` rows of 16 as 16 rows of `rows`.
  static func turned(_ shares: [Double], rows: Int) -> [Double] {
    (0..<waves).flatMap { wave in (0..<rows).map { shares[$0 * waves + wave] } }
  }
}
