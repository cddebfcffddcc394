internal import CSodium

/// Comparisons whose time tells nothing about where two secrets differ.
public enum ConstantTime {
  /// True where both hold the same bytes; how many there are is no secret.
  public static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    // Safe: both arrays are lent for the time of the call.
    return unsafe one.withUnsafeBytes { one in
      unsafe other.withUnsafeBytes { other in
        unsafe sodium_memcmp(one.baseAddress, other.baseAddress, one.count) == 0
      }
    }
  }
}
