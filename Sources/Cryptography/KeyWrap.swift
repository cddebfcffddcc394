import CSodium

/// One key locked up by another: XChaCha20-Poly1305 with a random nonce in front.
public enum KeyWrap {
  /// Bytes of a wrapped key of 32: nonce, key, tag.
  public static let byteCount = 24 + 32 + 16

  /// - Precondition: both keys have 32 bytes.
  public static func wrap(_ key: SecretBytes, with outer: SecretBytes, about: [UInt8]) -> [UInt8] {
    precondition(key.count == 32 && outer.count == 32)
    let nonce = RandomBytes.next(24)
    var sealed = [UInt8](repeating: 0, count: 48)
    // libsodium writes 48 bytes and reads the lengths it is told.
    key.lend { inner in
      outer.lend { lock in
        _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
          &sealed, nil, inner, 32, about, UInt64(about.count), nil, nonce, lock)
      }
    }
    return nonce + sealed
  }

  /// The key; nil where `outer` is another key, or a byte of the wrapping or of what it is `about`
  /// has changed.
  public static func unwrap(
    _ wrapped: [UInt8], with outer: SecretBytes, about: [UInt8]
  ) -> SecretBytes? {
    guard wrapped.count == byteCount, outer.count == 32 else { return nil }
    let nonce = Array(wrapped[0..<24])
    let sealed = Array(wrapped[24...])
    var answer: Int32 = -1
    // libsodium writes 32 bytes and reads the lengths it is told.
    let key = SecretBytes(count: 32) { place in
      outer.lend { lock in
        answer = unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
          place, nil, nil, sealed, UInt64(sealed.count), about, UInt64(about.count), nonce, lock)
      }
    }
    return answer == 0 ? key : nil
  }
}
