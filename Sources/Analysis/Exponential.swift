/// eˣ of eight numbers ≤ 0 at once; exactly 0 below -87, relative error below 3·10⁻⁷.
///
/// x = n ln 2 + r with |r| ≤ ln 2 / 2: a polynomial for eʳ, and n added to the exponent bits. Only
/// adds, multiplies and compares, so the bytes do not depend on the maths library.
func exponential(ofNegative x: SIMD8<Float>) -> SIMD8<Float> {
  let clamped = x.clamped(lowerBound: SIMD8(repeating: -87), upperBound: SIMD8(repeating: 0))
  // Adding 1.5 × 2²³ rounds to a whole number, which is then also in the low bits.
  let magic = SIMD8<Float>(repeating: 12_582_912)
  let shifted = clamped * 1.442_695_04 + magic
  let n = shifted - magic
  // ln 2 in two parts, the first exact in few bits (Cody and Waite).
  let r = (clamped - n * 0.693_359_375) + n * 2.121_944_4e-4
  var series = r * (1.0 / 720) + (1.0 / 120)
  series = series * r + (1.0 / 24)
  series = series * r + (1.0 / 6)
  series = series * r + 0.5
  series = series * r + 1
  series = series * r + 1
  // Same size, every bit pattern valid on both sides; n ≥ -126 keeps the exponent in range.
  let whole = unsafe unsafeBitCast(shifted, to: SIMD8<Int32>.self)
  let bits = unsafe unsafeBitCast(series, to: SIMD8<Int32>.self) &+ (whole &<< 23)
  let value = unsafe unsafeBitCast(bits, to: SIMD8<Float>.self)
  return value.replacing(with: 0, where: x .< -87)
}
