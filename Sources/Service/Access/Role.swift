/// What a token may do; each role may all that the ones before it may.
public enum Role: String, CaseIterable, Comparable, Sendable {
  /// Looks at everything but real faces.
  case reader
  /// Judges pairs, decides about images, starts jobs, looks at real faces.
  case curator
  /// Makes tokens, watches folders, says where alerts go.
  case admin

  public static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

  private var rank: Int {
    switch self {
    case .reader: 0
    case .curator: 1
    case .admin: 2
    }
  }
}

/// Who makes a request.
public struct Caller: Equatable, Sendable {
  /// The token's name; the author of what the caller decides.
  public var name: String
  public var role: Role

  public init(name: String, role: Role) {
    self.name = name
    self.role = role
  }
}
