internal import Cryptography

/// A bearer token: `d2r_` and 64 hexadecimal digits of chance. Only its digest is ever kept.
public struct Token: Sendable {
  public static let prefix = "d2r_"
  /// What the client sends.
  public let text: String

  /// Makes a new one.
  public init() { text = Self.prefix + Hex.string(RandomBytes.next(32)) }

  /// What is kept of it: chance of 256 bits needs no slow hash.
  public var digest: [UInt8] { Self.digest(of: text) }

  /// The digest of what a client sends.
  public static func digest(of text: String) -> [UInt8] { SHA256.digest(of: Array(text.utf8)) }
}

/// A token as it is kept.
public struct TokenRecord: Equatable, Sendable {
  public var id: Int64
  public var name: String
  public var role: Role
  /// SHA-256 of the token's text.
  public var digest: [UInt8]
  /// ISO 8601.
  public var createdAt: String
  public var lastUsedAt: String?
  public var revokedAt: String?

  public init(
    id: Int64, name: String, role: Role, digest: [UInt8], createdAt: String,
    lastUsedAt: String? = nil, revokedAt: String? = nil
  ) {
    self.id = id
    self.name = name
    self.role = role
    self.digest = digest
    self.createdAt = createdAt
    self.lastUsedAt = lastUsedAt
    self.revokedAt = revokedAt
  }
}
