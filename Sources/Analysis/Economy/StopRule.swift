/// When an identity is given up: its rate is almost surely too low for what its pictures may cost.
public struct StopRule: Equatable, Sendable {
  /// An identity is stopped when the probability that its rate suffices is below this; 0 stops none.
  /// The standard accepts giving up one identity in fifty that would just have sufficed.
  public var doubt: Double
  /// No identity is stopped before so many candidates. At the standard price of six candidates per
  /// picture, fewer could not tell a rate of 1/6 from 0 anyway.
  public var fewestAttempts: Int

  public static let standard = StopRule(doubt: 0.02, fewestAttempts: 12)

  public init(doubt: Double, fewestAttempts: Int) {
    self.doubt = doubt
    self.fewestAttempts = fewestAttempts
  }

  /// True where `belief`, formed from `attempts` candidates, leaves too little hope for a rate of
  /// `needed` or more.
  public func stops(_ belief: AcceptanceBelief, attempts: Int, needed: Double) -> Bool {
    guard doubt > 0, attempts >= fewestAttempts else { return false }
    return belief.probability(atLeast: needed) < doubt
  }
}
