/// One identity's quota and how far it was filled.
public struct QuotaRow: Hashable, Codable, Sendable {
  public var identity: String
  /// Images wanted.
  public var wanted: Int
  /// Images it had before filling.
  public var had: Int
  /// Generated images that passed every gate.
  public var accepted: Int
  /// Pictures the generator was asked for.
  public var attempts: Int
  /// Images still missing.
  public var shortfall: Int
  /// Why images are missing; empty where none is.
  public var reason: String

  public init(
    identity: String, wanted: Int, had: Int, accepted: Int, attempts: Int, shortfall: Int,
    reason: String = ""
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
