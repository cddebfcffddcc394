public import Domain

/// Two images found too close.
public struct PairRecord: Equatable, Sendable {
  /// What two images too close to each other are.
  public enum Kind: String, Sendable {
    case duplicate, leak
  }

  public var kind: Kind
  /// The keeper of a duplicate pair, or the reference image of a leak.
  public var kept: Int64
  /// The one proposed for removal.
  public var removed: Int64
  /// Which key found the pair, such as "exact".
  public var tier: String
  public var identitySimilarity: CosineSimilarity?
  public var imageSimilarity: CosineSimilarity?
  /// True where the pair was found with one picture mirrored.
  public var isMirrored: Bool
  /// Bits by which the perceptual hashes differ, where they decided.
  public var hashDistance: Int?
  /// Why this one of the two is kept: JSON, sorted keys.
  public var keeper: String?
  /// The proposed action.
  public var verdict: String

  public init(
    kind: Kind, kept: Int64, removed: Int64, tier: String,
    identitySimilarity: CosineSimilarity? = nil, imageSimilarity: CosineSimilarity? = nil,
    isMirrored: Bool = false, verdict: String
  ) {
    self.kind = kind
    self.kept = kept
    self.removed = removed
    self.tier = tier
    self.identitySimilarity = identitySimilarity
    self.imageSimilarity = imageSimilarity
    self.isMirrored = isMirrored
    self.verdict = verdict
  }
}
