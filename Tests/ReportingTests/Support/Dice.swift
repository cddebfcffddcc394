/// Repeatable numbers for samples.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Uniform in 0..<1.
  mutating func roll() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }

  /// About N(0, 1): the sum of twelve uniform numbers less six.
  mutating func bell() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + roll() }
  }

  mutating func below(_ limit: Int) -> Int { min(limit - 1, Int(roll() * Double(limit))) }
}
