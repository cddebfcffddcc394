/// One encoder's vector space. Vectors of two spaces are never compared, not even of equal width.
public struct Space: Hashable, Codable, Sendable {
  /// What the space is for: `identity`, `image`, `conditioning`, or a user's own name.
  public let name: String
  /// Values per vector.
  public let width: Int
  /// SHA-256, in hex, over the encoder's weights and preprocessing; two encoders never share it.
  public let encoderDigest: String

  public init(name: String, width: Int, encoderDigest: String) {
    self.name = name
    self.width = width
    self.encoderDigest = encoderDigest
  }

  /// Same person, high similarity.
  public static let identity = "identity"
  /// The identity encoder's answer to mirrored faces: comparable with `identity` vectors of the same
  /// encoder digest, and with nothing else.
  public static let mirroredIdentity = "identity-mirrored"
  /// Same-looking picture, high similarity.
  public static let image = "image"
  /// Same picture, high similarity: small grey crops, compared as they are.
  public static let pixel = "pixel"
}
