import CSodium

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1) by libsodium: only who holds the key can make a code
/// for a message, or tell a true one from a false one.
public enum HMACSHA256 {
  /// Bytes of a code.
  public static let byteCount = 32

  /// The 32-byte code of `message` under a key of any length.
  public static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    Sodium.start()
    var state = crypto_auth_hmacsha256_state()
    var code = [UInt8](repeating: 0, count: byteCount)
    // libsodium reads the lengths it is told and writes 32 bytes.
    unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
    unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
    unsafe crypto_auth_hmacsha256_final(&state, &code)
    return code
  }
}
