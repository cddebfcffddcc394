internal import Cryptography

/// How a webhook's receiver knows who sent a message and when.
///
/// The header `D2R-Signature: t=SECONDS,v1=HEX` holds the time of sending, in seconds since 1970,
/// and HMAC-SHA256 of `SECONDS.ID.BODY` under the alert's secret, ID being the header `D2R-Id`.
public enum AlertSignature {
  /// Bytes of a secret.
  static let secretCount = 32

  /// The header's value.
  public static func header(
    id: String, body: [UInt8], seconds: Int64, secret: [UInt8]
  ) -> String {
    let code = HMACSHA256.code(of: Array("\(seconds).\(id).".utf8) + body, key: secret)
    return "t=\(seconds),v1=\(Hex.string(code))"
  }

  /// A secret as it is shown, once.
  static func shown(_ secret: [UInt8]) -> String { Hex.string(secret) }
}
