/// The SHA-256 digest (FIPS 180-4) by libsodium.
public enum SHA256 {
  /// Bytes in a digest.
  public static let byteCount = 32

  /// The 32-byte digest of `bytes`; defined for no bytes too.
  public static func digest(of bytes: [UInt8]) -> [UInt8] {
    // A byte has no padding that its span could show.
    unsafe digest(of: bytes.span.bytes)
  }

  /// The 32-byte digest of lent memory, e.g. of a mapped file.
  public static func digest(of bytes: RawSpan) -> [UInt8] {
    var stream = Stream()
    stream.update(bytes)
    return stream.finalize()
  }

  /// The digest of `bytes` as 64 lower-case hexadecimal digits.
  public static func hex(of bytes: [UInt8]) -> String {
    Hex.string(digest(of: bytes))
  }

  /// The digest of the UTF-8 of `text` as 64 lower-case hexadecimal digits.
  public static func hex(of text: String) -> String {
    hex(of: Array(text.utf8))
  }
}
