/// Derives seeds from text, so that every use of randomness has a seed of its own that anyone can
/// compute again.
public enum Seed {
  /// A seed for the use named `text` under a parent seed.
  ///
  /// FNV-1a (64 bits) over the text's UTF-8 bytes, exclusive-or'd with the parent, then mixed by
  /// SplitMix64's finaliser so that neighbouring parents and similar names share nothing.
  /// Sources: Fowler, Noll and Vo, draft-eastlake-fnv; Steele, Lea and Flood, OOPSLA 2014.
  public static func derived(from text: String, parent: UInt64 = 0) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return mixed(hash ^ mixed(parent))
  }

  /// SplitMix64's output function of the state `value + 0x9E3779B97F4A7C15`: a bijection of 64 bits.
  public static func mixed(_ value: UInt64) -> UInt64 {
    var state = value &+ 0x9E37_79B9_7F4A_7C15
    state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
    return state ^ (state >> 31)
  }
}
