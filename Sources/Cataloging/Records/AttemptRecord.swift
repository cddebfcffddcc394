public import Domain

/// One candidate the generator was asked for, accepted or not.
public struct AttemptRecord: Equatable, Sendable {
  /// Whether the candidate joined the set.
  public enum Outcome: String, Sendable {
    case accepted, rejected
  }

  /// Key of the fill request it belongs to.
  public var request: String
  public var identity: Int64
  /// Counted from 0 within the identity, over all requests.
  public var number: Int
  public var seed: UInt64
  /// The slerp parameter t in 0...1.
  public var interpolation: Double
  public var outcome: Outcome
  /// The gate that refused it; empty for an accepted one.
  public var reason: String
  public var similarities: AttemptSimilarities
  /// The image it became.
  public var image: Int64?
}

/// What the gates measured of a candidate; nil where a gate was not reached.
public struct AttemptSimilarities: Equatable, Sendable {
  /// To the identity it was made for.
  public var own: CosineSimilarity?
  /// To the most similar other identity.
  public var other: CosineSimilarity?
  /// To the most similar reference image.
  public var leak: CosineSimilarity?
  /// To the most similar image of the dataset.
  public var duplicate: CosineSimilarity?

  public init(
    own: CosineSimilarity? = nil, other: CosineSimilarity? = nil, leak: CosineSimilarity? = nil,
    duplicate: CosineSimilarity? = nil
  ) {
    self.own = own
    self.other = other
    self.leak = leak
    self.duplicate = duplicate
  }
}

/// An attempt to be recorded.
public struct NewAttempt: Equatable, Sendable {
  public var identity: Int64
  /// Counted from 0 within the identity, over all requests.
  public var number: Int
  public var seed: UInt64
  /// The slerp parameter t in 0...1.
  public var interpolation: Double
  public var similarities: AttemptSimilarities
  public var verdict: Verdict

  /// What became of a candidate.
  public enum Verdict: Equatable, Sendable {
    /// Became the item at this position of the batch committed with it.
    case accepted(item: Int)
    /// Refused by the named gate.
    case rejected(reason: String)
  }

  public init(
    identity: Int64, number: Int, seed: UInt64, interpolation: Double,
    similarities: AttemptSimilarities, verdict: Verdict
  ) {
    self.identity = identity
    self.number = number
    self.seed = seed
    self.interpolation = interpolation
    self.similarities = similarities
    self.verdict = verdict
  }
}

/// How many candidates of an identity were asked for, and how many of them were accepted.
public struct AcceptanceCount: Equatable, Sendable {
  public var identity: Int64
  public var attempts: Int
  public var accepted: Int
}
