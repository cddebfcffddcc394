/// One person, real or synthetic.
public struct IdentityRecord: Equatable, Sendable {
  public var id: Int64
  public var source: Int64
  /// Unique within its source.
  public var name: String
}
