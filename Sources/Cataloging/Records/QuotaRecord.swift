/// How an identity's quota was filled by one step.
public struct QuotaRecord: Equatable, Sendable {
  public var identity: Int64
  /// Images wanted.
  public var wanted: Int
  /// Images there before.
  public var had: Int
  /// Images added.
  public var accepted: Int
  /// Candidates asked for.
  public var attempts: Int
  /// Images still missing.
  public var shortfall: Int
  /// Why some are still missing; empty where none is.
  public var reason: String

  public init(
    identity: Int64, wanted: Int, had: Int, accepted: Int, attempts: Int, shortfall: Int,
    reason: String
  ) {
    self.identity = identity
    self.wanted = wanted
    self.had = had
    self.accepted = accepted
    self.attempts = attempts
    self.shortfall = shortfall
    self.reason = reason
  }
}
