import Glibc

/// Random numbers addressed by position: Philox4x32-10, a keyed bijection of a 128-bit counter.
///
/// The key is the seed, the counter is (position, stream), so any number can be asked for at any
/// time, in any order and on any thread, and is always the same. There is no state. Two streams of
/// one seed are independent; `uniform(at: i)`, `gaussian(at: i)` and `bits(at: i)` of one stream
/// read the same block, so different uses take different streams.
///
/// Source: Salmon, Moraes, Dror and Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC 2011.
public struct CounterRandom: Hashable, Sendable {
  public let seed: UInt64
  public let stream: UInt64

  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// The 128-bit block at `position`: ten Philox rounds of the counter
  /// (position low, position high, stream low, stream high).
  public func block(at position: UInt64) -> SIMD4<UInt32> {
    var counter = SIMD4<UInt32>(low(position), high(position), low(stream), high(stream))
    var key = SIMD2<UInt32>(low(seed), high(seed))
    for _ in 0..<10 {
      let first = Self.multipliers.x.multipliedFullWidth(by: counter.x)
      let second = Self.multipliers.y.multipliedFullWidth(by: counter.z)
      counter = SIMD4(
        second.high ^ counter.y ^ key.x, second.low, first.high ^ counter.w ^ key.y, first.low)
      key &+= Self.weyl
    }
    return counter
  }

  /// 64 uniform bits: the first half of the block.
  public func bits(at position: UInt64) -> UInt64 {
    let block = block(at: position)
    return UInt64(block.x) | UInt64(block.y) << 32
  }

  /// Uniform in 0 ..< 1, a multiple of 2⁻⁵³.
  public func uniform(at position: UInt64) -> Double {
    Double(bits(at: position) >> 11) * 0x1p-53
  }

  /// Uniform in 0 ..< `bound`, by the high half of a 128-bit product; the bias is below
  /// `bound` / 2⁶⁴.
  /// - Precondition: `bound > 0`.
  public func index(below bound: Int, at position: UInt64) -> Int {
    precondition(bound > 0)
    return Int(bits(at: position).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A draw of N(0, 1): the cosine branch of Box–Muller in double, then rounded to float.
  /// Finite, and below 8.6 in absolute value.
  public func gaussian(at position: UInt64) -> Float {
    let block = block(at: position)
    let radiusBits = (UInt64(block.x) | UInt64(block.y) << 32) >> 11
    let angleBits = (UInt64(block.z) | UInt64(block.w) << 32) >> 11
    // 1 - u lies in (0, 1], where the logarithm is finite.
    let radius = (-2 * log(1 - Double(radiusBits) * 0x1p-53)).squareRoot()
    return Float(radius * cos(2 * Double.pi * Double(angleBits) * 0x1p-53))
  }

  /// `gaussian(at:)` of `count` positions from `start` on.
  public func gaussians(count: Int, from start: UInt64 = 0) -> [Float] {
    (0..<UInt64(count)).map { gaussian(at: start &+ $0) }
  }

  /// The numbers 0 ..< `count` in random order (Fisher–Yates, last place first).
  public func shuffled(count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, index(below: last + 1, at: UInt64(last)))
    }
    return order
  }

  private static let multipliers = SIMD2<UInt32>(0xD251_1F53, 0xCD9E_8D57)
  /// The golden ratio and √3 - 1, in 32 bits.
  private static let weyl = SIMD2<UInt32>(0x9E37_79B9, 0xBB67_AE85)

  private func low(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value) }
  private func high(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value >> 32) }
}
