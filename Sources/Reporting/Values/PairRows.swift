public import Domain

/// Two images that are the same picture, and which one stays.
public struct DuplicateRow: Hashable, Codable, Sendable {
  /// How the pair was found: `exact`, `near-duplicate`, or the rule's own tier name.
  public var tier: String
  public var kept: ImageReference
  public var removed: ImageReference
  /// Empty for exact duplicates.
  public var similarities: [SpaceSimilarity]
  /// True where one is the other's mirror image.
  public var mirrored: Bool
  /// Bits by which the perceptual hashes differ, where they decided.
  public var hashDistance: Int?
  /// What decided which of the two stays, with both values, such as "quality, 0.81 over 0.43".
  public var keptBy: String?
  public var decision: Decision

  public init(
    tier: String, kept: ImageReference, removed: ImageReference, similarities: [SpaceSimilarity],
    mirrored: Bool = false, decision: Decision
  ) {
    self.tier = tier
    self.kept = kept
    self.removed = removed
    self.similarities = similarities
    self.mirrored = mirrored
    self.decision = decision
  }
}

/// An image too similar to one it must not resemble.
public struct LeakRow: Hashable, Codable, Sendable {
  /// How the leak was found: `reference`, `collision`, or the rule's own tier name.
  public var tier: String
  /// The image that leaks, and would be removed.
  public var image: ImageReference
  /// The image it resembles, and that stays.
  public var resembles: ImageReference
  public var similarities: [SpaceSimilarity]
  /// The threshold in the identity space that the pair reached.
  public var threshold: CosineSimilarity?
  /// The false-match rate measured at `threshold`.
  public var falseMatchRate: Double?
  /// Which way round it matched: `as-is`, `mirrored` or `both`; nil where that is not known.
  public var orientation: String?
  /// The prototype that matched, such as `2 of 3`; nil for a match with an image.
  public var prototype: String?
  public var decision: Decision

  public init(
    tier: String, image: ImageReference, resembles: ImageReference,
    similarities: [SpaceSimilarity], threshold: CosineSimilarity? = nil,
    falseMatchRate: Double? = nil, decision: Decision
  ) {
    self.tier = tier
    self.image = image
    self.resembles = resembles
    self.similarities = similarities
    self.threshold = threshold
    self.falseMatchRate = falseMatchRate
    self.decision = decision
  }
}
